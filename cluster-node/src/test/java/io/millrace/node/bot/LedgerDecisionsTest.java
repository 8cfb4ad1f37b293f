package io.millrace.node.bot;

import static io.millrace.node.bot.Deciding.NOBODY;
import static io.millrace.node.bot.Deciding.accepted;
import static io.millrace.node.bot.Deciding.assertRefused;
import static io.millrace.node.bot.Deciding.events;
import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.CheckpointLedger.Kind;
import org.junit.jupiter.api.Test;

class LedgerDecisionsTest {
    private final BotState running = Given.running().apply(new BotEvent.Checkpointed(NOW, 1, Given.at(10)));

    private static BotState set(BotState state, long n) {
        return accepted(
                state,
                BotDecisions.reset(
                        state,
                        new BotCommand.Reset("orders", Position.of(Given.id(n)), "because", "ann", NOBODY),
                        NOW + n));
    }

    private static BotDecision undo(BotState state, long entry) {
        return LedgerDecisions.undo(state, new BotCommand.Undo("orders", entry, "wrong", "bob", NOBODY), NOW);
    }

    @Test
    void shouldKeepWhatWasMovedByWhomAndWhy() {
        BotState after = set(running, 3);

        assertThat(after.moves().moves())
                .containsExactly(new Ledger.Move(
                        1,
                        NOW + 3,
                        Kind.SET,
                        "orders",
                        "ann",
                        "because",
                        Position.of(Given.id(10)),
                        Position.of(Given.id(3)),
                        1,
                        1,
                        null));
    }

    @Test
    void shouldUndoTheLastMoveAndEndTheRun() {
        BotState moved = accepted(
                running,
                BotDecisions.reset(
                        running, new BotCommand.Reset("orders", Position.BEGINNING, null, null, NOBODY), NOW));
        BotState again =
                moved.apply(new BotEvent.RunStarted(NOW, "run-2", 2, "node", null, NOW + 500, NOW + 1_000, null, null));

        BotDecision decision = undo(again, 1);

        assertThat(events(decision)).hasSize(2).first().isInstanceOf(BotEvent.RunEnded.class);
        BotState after = accepted(again, decision);
        assertThat(after.position("orders")).isEqualTo(Position.of(Given.id(10)));
        assertThat(after.generation()).isEqualTo(2);
        assertThat(after.moves().moves().get(1).kind()).isEqualTo(Kind.UNDO);
        assertThat(after.moves().moves().get(1).undoes()).isEqualTo(1);
    }

    @Test
    void shouldRefuseToUndoWhatSomebodyHasMovedSince() {
        BotState twice = set(set(running, 3), 5);

        assertRefused(undo(twice, 1), ProblemType.CONFLICT);
        BotState undone = accepted(twice, undo(twice, 2));
        assertThat(undone.position("orders")).isEqualTo(Position.of(Given.id(3)));
        assertRefused(undo(undone, 2), ProblemType.CONFLICT);
    }

    @Test
    void shouldUndoAnUndo() {
        BotState undone = accepted(set(running, 3), undo(set(running, 3), 1));

        assertThat(accepted(undone, undo(undone, 2)).position("orders")).isEqualTo(Position.of(Given.id(3)));
    }

    @Test
    void shouldNotBringBackWhatRetentionHasRemoved() {
        BotState skipped = running.apply(new BotEvent.Skipped(NOW, "orders", Given.id(50)));

        assertRefused(undo(skipped, 1), ProblemType.CONFLICT);
        assertRefused(undo(skipped, 2), ProblemType.NOT_FOUND);
        assertThat(skipped.position("orders")).isEqualTo(Position.of(Given.id(10)));
        assertThat(skipped.generation()).isZero();
    }

    @Test
    void shouldNoteASkipOnceAndOnlyForTheRunUnderWay() {
        BotCommand.Skip skip = new BotCommand.Skip(1, "run-1", "orders", Given.id(50), NOBODY);
        BotState skipped = accepted(running, LedgerDecisions.skip(running, skip, NOW));

        assertThat(events(LedgerDecisions.skip(skipped, skip, NOW))).isEmpty();
        assertThat(skipped.moves().moves()).hasSize(1);
        assertRefused(
                LedgerDecisions.skip(running, new BotCommand.Skip(2, "run-1", "orders", Given.id(50), NOBODY), NOW),
                ProblemType.STALE_RUN);
        assertThat(events(LedgerDecisions.skip(
                        skipped, new BotCommand.Skip(1, "run-1", "orders", Given.id(90), NOBODY), NOW)))
                .hasSize(1);
    }

    @Test
    void shouldKeepTheLastFifty() {
        BotState state = running;
        for (int i = 0; i < Ledger.MAX + 7; i++) {
            state = set(state, i);
        }

        assertThat(state.moves().moves())
                .hasSize(Ledger.MAX)
                .last()
                .extracting(Ledger.Move::entry)
                .isEqualTo(57L);
        assertRefused(undo(state, 7), ProblemType.NOT_FOUND);
    }
}
