package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.run.MovableClock;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotInfo.Counts;
import io.millrace.protocol.http.RunProtocol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChronicleTest {
    private final MovableClock clock = new MovableClock(NOW);
    private final MovableClock ticker = new MovableClock(0);
    private final List<Long> notes = new ArrayList<>();
    private final List<Tally> tallies = new ArrayList<>();
    private final List<List<RunProtocol.Summary>> histories = new ArrayList<>();

    /** What the next notes come to; then all go well. */
    private final Deque<CompletableFuture<Trend>> noteAnswers = new ArrayDeque<>();

    private final Deque<CompletableFuture<Boolean>> runAnswers = new ArrayDeque<>();

    private final BotRecords records = new BotRecords() {
        @Override
        public CompletionStage<Trend> note(String bot, BotState state, @Nullable Trend known, Tally more) {
            notes.add(state.epoch());
            tallies.add(more);
            Trend next = (known == null ? Trend.NONE : known).counted(more, clock.millis());
            return noteAnswers.isEmpty() ? CompletableFuture.completedStage(next) : noteAnswers.removeFirst();
        }

        @Override
        public CompletionStage<?> note(String bot, List<RunProtocol.Summary> runs) {
            histories.add(runs);
            return runAnswers.isEmpty() ? CompletableFuture.completedStage(true) : runAnswers.removeFirst();
        }
    };

    private final Chronicle chronicle = new Chronicle(new BotId("price"), records, clock, ticker::millis);
    private BotState state = Given.registered();

    @Test
    void whatChangesIsNotedASecondLaterAndOnce() {
        run(1, BotEvent.How.OK);
        chronicle.work(state, false);
        assertThat(notes).isEmpty();
        assertThat(chronicle.isPending()).isTrue();

        pass(Chronicle.DELAY);

        assertThat(notes).containsExactly(1L);
        assertThat(chronicle.isPending()).isFalse();
        pass(60_000);
        assertThat(notes).hasSize(1);
    }

    @Test
    void aBotAtWorkIsNotedEveryFiveSecondsHoweverMuchItDoes() {
        for (int i = 0; i < 1_000; i++) { // 100 s
            run(i + 1, BotEvent.How.OK);
            pass(100);
        }
        assertThat(notes).hasSizeBetween(19, 21);
    }

    @Test
    void aQueueThatWakesABotWhichCannotRunIsNotedToo() {
        chronicle.work(state, true);
        pass(Chronicle.DELAY, true);

        assertThat(notes).hasSize(1);
    }

    @Test
    void aFailedNoteIsRepeatedAndNothingIsCountedTwiceOrLost() {
        noteAnswers.add(CompletableFuture.failedFuture(new IllegalStateException("away")));
        run(1, BotEvent.How.OK);
        pass(Chronicle.DELAY);
        run(2, BotEvent.How.ERROR);
        pass(Chronicle.EVERY);

        assertThat(notes).containsExactly(1L, 2L);
        assertThat(tallies.get(1).rates(clock.millis()).minute()).isEqualTo(new Counts(20, 0, 2, 1));
        run(3, BotEvent.How.OK);
        pass(Chronicle.EVERY);
        assertThat(tallies.get(2).rates(clock.millis()).minute()).isEqualTo(new Counts(10, 0, 1, 0));
    }

    @Test
    void aNoteThatTakesLongHoldsNothingUpAndIsNotOvertaken() {
        CompletableFuture<Trend> slow = new CompletableFuture<>();
        noteAnswers.add(slow);
        run(1, BotEvent.How.OK);
        pass(Chronicle.DELAY);
        run(2, BotEvent.How.OK);
        pass(60_000);
        assertThat(notes).containsExactly(1L);

        slow.complete(Trend.NONE);
        pass(1);

        assertThat(notes).containsExactly(1L, 2L);
    }

    @Test
    void aRunIsNotedWhenItEndsWithItsWayThroughItsQueues() {
        run(1, BotEvent.How.OK);
        run(2, BotEvent.How.OK);

        assertThat(histories.get(0)).hasSize(1);
        RunProtocol.Summary second = histories.get(1).get(0);
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.records()).isEqualTo(10);
        assertThat(second.queues())
                .isEqualTo(Map.of(
                        "orders", new RunProtocol.Range(Position.of(Given.id(10)), Position.of(Given.id(20)), 10)));
    }

    @Test
    void aRunWhoseNoteWasLostIsNotedWithTheNextOne() {
        runAnswers.add(CompletableFuture.failedFuture(new IllegalStateException("away")));
        run(1, BotEvent.How.OK);
        run(2, BotEvent.How.OK);
        run(3, BotEvent.How.OK);

        assertThat(histories.stream()
                        .map(runs ->
                                runs.stream().map(RunProtocol.Summary::epoch).toList()))
                .containsExactly(List.of(1L), List.of(1L, 2L), List.of(3L));
    }

    @Test
    void afterARecoveryAllThatIsRememberedIsNotedOnce() {
        run(1, BotEvent.How.OK);
        run(2, BotEvent.How.OK);
        histories.clear();

        Chronicle next = new Chronicle(new BotId("price"), records, clock, ticker::millis);
        next.recovered();
        BotState before = state;
        state = state.apply(RunDecisions.start(state, "run-3", "node", null, NOW, RunCause.EVENTS));
        next.settled(before, state);
        before = state;
        state = state.apply(new BotEvent.RunEnded(NOW, 3, BotEvent.How.LOST, "lost", 0));
        next.settled(before, state);

        assertThat(histories.get(0).stream().map(RunProtocol.Summary::epoch)).containsExactly(1L, 2L, 3L);
        assertThat(histories.get(0).get(0).queues()).isNull();
    }

    @Test
    void whoComesUpIsNotedOnlyWhenSomebodyHasToDoWithIt() {
        chronicle.recovered();
        pass(60_000);
        assertThat(notes).isEmpty();

        chronicle.touched();
        pass(Chronicle.DELAY);

        assertThat(notes).hasSize(1);
        chronicle.touched();
        pass(60_000);
        assertThat(notes).hasSize(1);
    }

    @Test
    void aNameThatIsNoBotIsNotNoted() {
        state = BotState.EMPTY;
        chronicle.touched();
        pass(60_000);

        assertThat(notes).isEmpty();
        assertThat(chronicle.isPending()).isFalse();
    }

    @Test
    void whoLeavesIsNotedBeforeItsTimeHasCome() {
        run(1, BotEvent.How.OK);

        chronicle.leave(state);

        assertThat(notes).containsExactly(1L);
        chronicle.leave(state);
        assertThat(notes).hasSize(1);
    }

    @Test
    void whoLeavesDuringANoteIsNotedAfterIt() {
        CompletableFuture<Trend> slow = new CompletableFuture<>();
        noteAnswers.add(slow);
        run(1, BotEvent.How.OK);
        pass(Chronicle.DELAY);
        run(2, BotEvent.How.OK);

        chronicle.leave(state);
        assertThat(notes).containsExactly(1L);
        slow.complete(Trend.NONE);

        assertThat(notes).containsExactly(1L, 2L);
    }

    /** A whole run that reads ten events. */
    private void run(long epoch, BotEvent.How how) {
        settle(RunDecisions.start(state, "run-" + epoch, "node", null, clock.millis(), RunCause.EVENTS));
        BotState before = state;
        state = state.apply(new BotEvent.Checkpointed(clock.millis(), epoch, Given.at(epoch * 10)))
                .apply(new BotEvent.RunEnded(clock.millis(), epoch, how, how.isFailure() ? "boom" : null, 0));
        chronicle.settled(before, state);
    }

    private void settle(BotEvent event) {
        BotState before = state;
        state = state.apply(event);
        chronicle.settled(before, state);
    }

    private void pass(long millis) {
        pass(millis, false);
    }

    private void pass(long millis, boolean hasReason) {
        clock.plus(millis);
        ticker.plus(millis);
        chronicle.work(state, hasReason);
    }
}
