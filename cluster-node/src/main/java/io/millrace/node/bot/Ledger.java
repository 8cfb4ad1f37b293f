package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.CheckpointLedger.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has moved a bot's read checkpoints other than its runs. Pure.
 *
 * @param last the number of the last entry ever made
 * @param moves the last of them, oldest first, at most {@link #MAX}
 */
record Ledger(long last, List<Move> moves) {
    /** All of them have to travel between nodes as one message of 256 KiB, whatever people write as reasons. */
    static final int MAX = 50;

    static final int MAX_REASON = 500;

    static final Ledger NONE = new Ledger(0, List.of());

    /** As {@link CheckpointLedger.Move}; {@code at} in ms since the epoch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Move(
            long entry,
            long at,
            Kind kind,
            String queue,
            @Nullable String by,
            @Nullable String reason,
            @Nullable Position from,
            Position to,
            long epoch,
            long generation,
            @Nullable Long undoes) {
        private Move numbered(long number) {
            String why = reason == null || reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
            return new Move(number, at, kind, queue, by, why, from, to, epoch, generation, undoes);
        }
    }

    /** @param move whose number is yet to be given */
    Ledger with(Move move) {
        List<Move> all = new ArrayList<>(moves);
        all.add(move.numbered(last + 1));
        return new Ledger(last + 1, List.copyOf(all.subList(Math.max(0, all.size() - MAX), all.size())));
    }

    Optional<Move> find(long entry, String queue) {
        return moves.stream()
                .filter(move -> move.entry() == entry && move.queue().equals(queue))
                .findFirst();
    }

    /** Whether somebody has moved that queue's checkpoint since. */
    boolean isMovedSince(Move move) {
        return moves.stream()
                .anyMatch(other -> other.entry() > move.entry()
                        && other.queue().equals(move.queue())
                        && other.kind() != Kind.SKIP);
    }

    /** Whether the last thing known of a queue is that the bot had to skip there. */
    boolean hasSkipped(String queue, Position to) {
        for (int i = moves.size() - 1; i >= 0; i--) {
            Move move = moves.get(i);
            if (move.queue().equals(queue)) {
                return move.kind() == Kind.SKIP && move.to().equals(to);
            }
        }
        return false;
    }
}
