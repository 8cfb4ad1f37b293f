package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.CheckpointLedger.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Decisions about what has moved checkpoints. Pure; {@code now} is ms since the epoch. */
final class LedgerDecisions {
    private LedgerDecisions() {}

    static BotDecision moves(BotState state) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        }
        List<Ledger.Move> newestFirst = new ArrayList<>(state.moves().moves());
        Collections.reverse(newestFirst);
        return BotDecision.accept(List.of(), after -> new BotReply.Moves(newestFirst));
    }

    /** Back to where the checkpoint was before a move; not if somebody has moved it since, who might not want that. */
    static BotDecision undo(BotState state, BotCommand.Undo undo, long now) {
        if (!state.exists()) {
            return BotDecisions.notFound();
        }
        Ledger.Move move = state.moves().find(undo.entry(), undo.queue()).orElse(null);
        if (move == null) {
            return BotDecision.reject(
                    ProblemType.NOT_FOUND,
                    "the ledger has no entry " + undo.entry() + " of queue " + undo.queue() + " (any more)");
        } else if (move.kind() == Kind.SKIP) {
            return BotDecision.reject(ProblemType.CONFLICT, "what retention has removed doesn't come back");
        } else if (state.moves().isMovedSince(move)) {
            return BotDecision.reject(
                    ProblemType.CONFLICT,
                    "the checkpoint was moved since by a later entry of the ledger; undo that first");
        }
        Position from = move.from() == null ? Position.BEGINNING : move.from();
        Checkpoint old = state.read().get(undo.queue());
        return BotDecisions.set(
                state,
                new BotEvent.CheckpointSet(
                        now,
                        undo.queue(),
                        new Checkpoint(from, old == null ? 0 : old.records(), null, now, now),
                        undo.reason(),
                        undo.by(),
                        undo.entry()),
                now);
    }

    /** A run has found that what it would have read next is gone; said once, however often it is found. */
    static BotDecision skip(BotState state, BotCommand.Skip skip, long now) {
        return state.running(skip.epoch(), skip.run())
                .filter(run -> now < run.deadline())
                .map(run -> BotDecision.accept(
                        state.moves().hasSkipped(skip.queue(), Position.of(skip.to()))
                                ? List.of()
                                : List.of(new BotEvent.Skipped(now, skip.queue(), skip.to())),
                        after -> new BotReply.Done()))
                .orElseGet(RunDecisions::stale);
    }
}
