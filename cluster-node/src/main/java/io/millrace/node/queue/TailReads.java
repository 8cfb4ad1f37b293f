package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.util.List;
import java.util.Optional;

/** Serves readers at the tail from the window, and lets those who found nothing wait for the next commit. */
final class TailReads {
    private final TailWindow window;
    private final Followers followers = new Followers();

    TailReads(int windowBytes) {
        window = new TailWindow(windowBytes);
    }

    boolean isWaitedFor() {
        return !followers.isEmpty();
    }

    /**
     * Whether a reader would be told at once that there is nothing more than what it gets. One that would wait is told no such
     * thing by what it finds: it asks again.
     */
    boolean wouldEnd(QueueCommand.Read read, QueueState state) {
        if (read.waitMillis() > 0) {
            return false;
        }
        return !hasNews(read, state)
                || window.after(read.cursor().after(), read.maxBytes())
                        .map(QueueReply.Read::atTail)
                        .orElse(false);
    }

    /** Answers at once or when something comes; false if too many wait already. */
    boolean serve(QueueCommand.Read read, QueueState state, long now) {
        Position after = read.cursor().after();
        boolean nothing = state.first() == null || !after.isBefore(state.last());
        if (nothing && read.waitMillis() > 0) {
            return followers.offer(read, now);
        }
        answer(read, state, nothing);
        return true;
    }

    private void answer(QueueCommand.Read read, QueueState state, boolean nothing) {
        if (nothing) {
            read.replyTo().tell(new QueueReply.Read(List.of(), null, state.sequence() + 1, true));
            return;
        }
        Optional<QueueReply.Read> found = window.after(read.cursor().after(), read.maxBytes());
        read.replyTo()
                .tell(found.<QueueReply>map(blocks -> blocks)
                        .orElse(new QueueReply.Behind(
                                state.floor(),
                                state.sequence(),
                                state.skippedTo(read.cursor().after()))));
    }

    /** Takes over the records of a commit. */
    void add(QueueState before, List<QueueEvent> records) {
        long sequence = before.sequence();
        EventId last = before.last();
        for (QueueEvent record : records) {
            sequence++;
            if (record instanceof QueueEvent.Appended appended) {
                window.add(sequence, last, appended);
                last = appended.last();
            } else if (record instanceof QueueEvent.Purged) {
                window.clear();
            } else if (record instanceof QueueEvent.Trimmed trimmed) {
                window.dropTo(trimmed.gone());
            }
        }
    }

    /** Serves those who waited; who still finds nothing waits on for what is left of its time. */
    void release(QueueState state, long now) {
        for (QueueCommand.Read read : followers.release(reader -> hasNews(reader, state))) {
            serve(read, state, now);
        }
    }

    private static boolean hasNews(QueueCommand.Read read, QueueState state) {
        return state.first() != null && read.cursor().after().isBefore(state.last());
    }

    /** Removes those whose time is over. {@return them, to be told that there is nothing} */
    List<QueueCommand.Read> expired(long now) {
        return followers.expired(now).stream()
                .map(read -> new QueueCommand.Read(read.cursor(), read.maxBytes(), 0, read.replyTo()))
                .toList();
    }

    /** The log was claimed anew: what another owner may have written isn't in the window. */
    void restart() {
        window.clear();
    }

    /** Answers all who wait, as if their time were over: they ask again, here or where the queue has gone. */
    void endAll(QueueState state) {
        followers.release(read -> true).forEach(read -> answer(read, state, true));
    }

    void refuseAll() {
        followers
                .release(read -> true)
                .forEach(read -> CommitLine.refuse(
                        read, ProblemType.UNAVAILABLE, "the queue's storage or owner is away; try again"));
    }
}
