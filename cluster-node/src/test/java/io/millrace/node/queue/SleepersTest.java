package io.millrace.node.queue;

import static io.millrace.node.queue.Given.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.http.QueueConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design D8: no wake-up gets lost. */
class SleepersTest {
    private final TestQueue queue = new TestQueue();
    private final List<String> signals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Sleepers sleepers = new Sleepers("orders", new Signals(signals), new Notes(notes));
    private long now;

    @Test
    void aStrangerMustBeSubscribedFirstAndSleepsOnceItIs() {
        assertThat(sleepers.offer(sleep("b"), queue.state)).isFalse();
        sleepers.await(sleep("b"));
        sleepers.committed(queue.state, false, now);
        assertThat(signals).isEmpty();

        subscribe("b");
        sleepers.committed(queue.state, false, now);

        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void aSleeperIsWokenByTheNextAppendAndOnlyOnce() {
        subscribe("b");
        sleepers.offer(sleep("b"), queue.state);
        queue.take(append("x"));
        sleepers.committed(queue.state, true, now);
        queue.take(append("y"));
        sleepers.committed(queue.state, true, now);

        assertThat(signals).containsExactly("asleep b", "wake b");
    }

    @Test
    void aCommitWithoutEventsWakesNobody() {
        subscribe("b");
        sleepers.offer(sleep("b"), queue.state);
        sleepers.committed(queue.state, false, now);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void whoIsBehindIsWokenAtOnce() {
        subscribe("b");
        queue.take(append("x"));
        sleepers.offer(sleep("b"), queue.state);
        assertThat(signals).containsExactly("wake b");
    }

    @Test
    void whatCameWhileTheSubscriptionWasUnderWayWakesToo() {
        sleepers.await(sleep("b"));
        queue.take(append("x"));
        sleepers.committed(queue.state, true, now);
        subscribe("b");
        sleepers.committed(queue.state, false, now);
        assertThat(signals).containsExactly("wake b");
    }

    @Test
    void whoHasSeenAllSleeps() {
        subscribe("b");
        queue.take(append("x"));
        sleepers.offer(new QueueCommand.Sleep("b", Position.of(queue.state.last())), queue.state);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void purgedEventsWakeNobody() {
        subscribe("b");
        queue.take(append("x"));
        queue.change(new QueueCommand.Archive(true, TestQueue.nobody()));
        sleepers.offer(sleep("b"), queue.state);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void whoeverIsWokenIsNotedForTheSweeperUntilItSleepsAgain() {
        subscribe("b");
        sleepers.offer(sleep("b"), queue.state);
        queue.take(append("x"));
        sleepers.committed(queue.state, true, now);
        sleepers.offer(sleep("b"), queue.state);
        sleepers.offer(new QueueCommand.Sleep("b", Position.of(queue.state.last())), queue.state);

        assertThat(notes).containsExactly("settled b", "moved b", "moved b", "settled b");
    }

    @Test
    void whoStaysAwakeIsNotedNowAndThenWhileEventsCome() {
        subscribe("paused");
        for (now = 0; now < 2 * Sleepers.ROUND_MILLIS; now += 1_000) {
            queue.take(append("x"));
            sleepers.committed(queue.state, true, now);
        }
        assertThat(notes).containsExactly("moved paused");
    }

    @Test
    void afterARecoveryNobodyHasToLookAndTheNextAppendWakesAll() {
        subscribe("b");
        subscribe("c");
        queue.take(append("x"));
        sleepers.recovered(queue.state, now);
        assertThat(signals).isEmpty();
        assertThat(notes).isEmpty();

        queue.take(append("y"));
        sleepers.committed(queue.state, true, now);
        assertThat(signals).containsExactlyInAnyOrder("wake b", "wake c");
    }

    @Test
    void aCommitWhoseOutcomeIsNotKnownHasAllSubscribersLook() {
        subscribe("b");
        QueueState before = queue.state;
        sleepers.unknown(before, before.last());
        assertThat(notes).isEmpty();

        queue.take(append("x"));
        sleepers.unknown(before, queue.state.last());
        assertThat(notes).containsExactly("moved b");
    }

    @Test
    void whoAsksBeforeTheRecoveryIsHandedBackOnceAfterIt() {
        subscribe("b");
        sleepers.await(sleep("b"));
        assertThat(sleepers.recovered(queue.state, now)).containsExactly(sleep("b"));
        assertThat(sleepers.recovered(queue.state, now)).isEmpty();
    }

    @Test
    void thoseWhoMayWaitAreBounded() {
        for (int i = 0; i <= Sleepers.MAX_WAITING; i++) {
            sleepers.await(sleep("b" + i));
        }
        assertThat(sleepers.recovered(queue.state, now)).hasSize(Sleepers.MAX_WAITING);
    }

    @Test
    void whileItIsPausedItHoldsAllAndWakesNobody() {
        subscribe("b");
        subscribe("c");
        sleepers.offer(sleep("b"), queue.state);
        signals.clear();
        notes.clear();

        pause(true);
        assertThat(signals).containsExactlyInAnyOrder("held b", "held c");
        signals.clear();
        for (now = 0; now < 2 * Sleepers.ROUND_MILLIS; now += 1_000) {
            queue.take(append("x"));
            sleepers.committed(queue.state, true, now);
        }
        sleepers.offer(sleep("c"), queue.state);

        assertThat(signals).containsExactly("held c");
        assertThat(notes).as("the sweeper has nothing to wake for").allMatch(note -> note.startsWith("settled"));
    }

    @Test
    void whenItIsPausedNoMoreAllLookAndTheNextAppendWakesThem() {
        subscribe("b");
        subscribe("c");
        sleepers.offer(sleep("b"), queue.state);
        pause(true);
        sleepers.offer(sleep("c"), queue.state);
        queue.take(append("x"));
        sleepers.committed(queue.state, true, now);
        signals.clear();
        notes.clear();

        pause(false);
        String last = queue.state.last().toString();
        assertThat(signals).containsExactlyInAnyOrder("look b " + last, "look c " + last);
        assertThat(notes).as("and do so though that gets lost").containsExactlyInAnyOrder("moved b", "moved c");
        signals.clear();
        queue.take(append("y"));
        sleepers.committed(queue.state, true, now);

        assertThat(signals).containsExactlyInAnyOrder("wake b", "wake c");
    }

    @Test
    void whereThereIsNothingAllSleepWhenItIsPausedNoMore() {
        subscribe("b");
        pause(true);
        pause(false);
        assertThat(signals).containsExactly("held b", "asleep b");
    }

    @Test
    void aRecoveryWhileItIsPausedHoldsAllAgain() {
        pause(true);
        subscribe("b");
        sleepers.recovered(queue.state, now);
        assertThat(signals).containsExactly("held b");
    }

    @Test
    void whereTheEndOfThePauseIsNotKnownAllLook() {
        subscribe("b");
        queue.take(append("x"));
        pause(true);
        notes.clear();
        sleepers.unknown(queue.state, queue.state.last());
        assertThat(notes).containsExactly("moved b");
    }

    private void pause(boolean paused) {
        queue.change(
                new QueueCommand.Configure(new QueueConfig(null, null, null, paused, null), null, TestQueue.nobody()));
        sleepers.committed(queue.state, false, now);
    }

    private void subscribe(String bot) {
        queue.change(new QueueCommand.Subscribe(bot, TestQueue.nobody()));
    }

    private static QueueCommand.Sleep sleep(String bot) {
        return new QueueCommand.Sleep(bot, Position.BEGINNING);
    }
}
