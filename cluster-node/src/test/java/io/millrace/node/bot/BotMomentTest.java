package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.run.RunHandle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BotMomentTest {
    private final BotMoment moment = new BotMoment();

    @Test
    void aRunIsWantedWhileAnyTriggerHasEvents() {
        assertThat(moment.wantsRun(0)).isFalse();
        moment.eventsWait("a");
        moment.eventsWait("b");
        moment.nothingWaits("a");
        assertThat(moment.wantsRun(0)).isTrue();
        moment.nothingWaits("b");
        assertThat(moment.wantsRun(0)).isFalse();
    }

    @Test
    void aRunIsWantedWhenForcedAndOnlyOnce() {
        moment.force();
        assertThat(moment.wantsRun(0)).isTrue();
        moment.runStarted(null, 0);
        assertThat(moment.wantsRun(0)).isFalse();
    }

    @Test
    void whatWokeTheBotDuringARunIsNoReasonForTheNextOne() {
        moment.runStarted(null, 0);
        moment.eventsWait("b");
        moment.runEnded(10, 0);
        assertThat(moment.wantsRun(10)).isFalse();
    }

    @Test
    void aRestIsKept() {
        moment.runEnded(100, 1_000);
        moment.eventsWait("a");
        assertThat(moment.wantsRun(1_099)).isFalse();
        assertThat(moment.wantsRun(1_100)).isTrue();
    }

    @Test
    void queuesThatSayNothingAreAskedAgainUntilTheyDo() {
        moment.asked("a", 0);
        moment.asked("b", 0);
        assertThat(moment.toAskAgain(999)).isEmpty();
        assertThat(moment.toAskAgain(1_000)).containsExactlyInAnyOrder("a", "b");
        moment.nothingWaits("a");
        moment.eventsWait("b");
        assertThat(moment.toAskAgain(9_000)).isEmpty();
    }

    @Test
    void anAnswerThatAWakeUpHasOvertakenSaysNothing() {
        moment.asked("a", 0);
        moment.eventsWait("a");
        moment.asleep("a");
        assertThat(moment.wantsRun(0)).isTrue();

        moment.asked("a", 0);
        moment.asleep("a");
        assertThat(moment.wantsRun(0)).isFalse();
    }

    @Test
    void aRunThatEndsIsAborted() {
        List<String> calls = new ArrayList<>();
        moment.runStarted(
                new RunHandle() {
                    @Override
                    public void stop() {
                        calls.add("stop");
                    }

                    @Override
                    public void abort() {
                        calls.add("abort");
                    }
                },
                0);
        assertThat(moment.isRunningHere()).isTrue();
        moment.stopRun();
        moment.runEnded(1, 0);
        moment.runEnded(1, 0);
        moment.stopRun();
        assertThat(calls).containsExactly("stop", "abort");
        assertThat(moment.isRunningHere()).isFalse();
    }

    @Test
    void aRunIsLostWhenItSaysNothingForTooLong() {
        moment.runStarted(null, 1_000);
        assertThat(moment.isRunLost(15_999, 15_000)).isFalse();
        assertThat(moment.isRunLost(16_000, 15_000)).isTrue();
        moment.heardOfRun(16_000);
        assertThat(moment.isRunLost(16_000, 15_000)).isFalse();
    }

    @Test
    void aQueueThatIsPausedIsNotReadUntilItWakesTheBot() {
        moment.eventsWait("a");
        moment.eventsWait("b");

        moment.hold("a");

        assertThat(moment.readable(List.of("a", "b"))).containsExactly("b");
        assertThat(moment.wantsRun(0)).isTrue();
        moment.hold("b");
        assertThat(moment.wantsRun(0)).isFalse();
        moment.eventsWait("a");
        moment.nothingWaits("b");
        assertThat(moment.readable(List.of("a", "b"))).containsExactly("a", "b");
    }

    @Test
    void aWorkersRunThatIsToStopIsToldSoUntilTheNextOne() {
        BotReply alive = new BotReply.Alive(false, 7);
        moment.runStarted(null, 0);
        assertThat(moment.inform(alive)).isEqualTo(alive);
        moment.hold("a");
        assertThat(moment.inform(alive)).isEqualTo(new BotReply.Alive(true, 7));
        assertThat(moment.inform(new BotReply.Done())).isEqualTo(new BotReply.Done());
        moment.runEnded(1, 0);
        moment.runStarted(null, 2);
        assertThat(moment.inform(alive)).isEqualTo(alive);
    }

    @Test
    void whatWasHeardOfOthersIsForgotten() {
        moment.eventsWait("a");
        moment.eventsWait("b");
        assertThat(moment.retain(List.of("b", "c"))).containsExactly("a");
        assertThat(moment.hasEvents("a")).isFalse();
        assertThat(moment.hasEvents("b")).isTrue();
    }
}
