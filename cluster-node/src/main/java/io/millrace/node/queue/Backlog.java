package io.millrace.node.queue;

import io.millrace.node.queue.QueueCommand.AppendEvents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the commit under way to end: changes in the order they came, and appends whose predecessors are still on
 * their way. Bounded in bytes and in number.
 */
final class Backlog {
    /** How long an early append waits for its predecessors, ms (api.md). */
    static final long EARLY_MILLIS = 5_000;

    /** The appends that one commit takes at most: their heads are what a recovery replays. */
    private static final int BATCH_APPENDS = 500;

    /** The marks that one commit makes at most, though those of one append at least; they too stand in the head. */
    private static final int BATCH_MARKS = 1_000;

    private static final int MAX_CHANGES = 10_000;

    /**
     * A change that waits.
     *
     * @param since ms of the ticker
     */
    record Waiting(QueueCommand.Request command, long since) {
        int bytes() {
            return command instanceof AppendEvents append ? append.append().bytes() : 0;
        }

        int marks() {
            return command instanceof AppendEvents append
                    ? append.append().parents().size()
                    : 0;
        }

        boolean isAppend() {
            return command instanceof AppendEvents;
        }
    }

    private final long maxBytes;
    private final int batchBytes;
    private final Deque<Waiting> changes = new ArrayDeque<>();
    private final List<Waiting> early = new ArrayList<>();
    private long bytes;

    /**
     * @param maxBytes stored bytes that may wait
     * @param batchBytes stored bytes that one commit takes, though always one append at least
     */
    Backlog(long maxBytes, int batchBytes) {
        this.maxBytes = maxBytes;
        this.batchBytes = batchBytes;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return changes.isEmpty() && early.isEmpty();
    }

    /** Whether there is a change to take; early appends are none. */
    boolean hasNext() {
        return !changes.isEmpty();
    }

    boolean hasEarly() {
        return !early.isEmpty();
    }

    /** False if there is no room. */
    boolean offer(QueueCommand.Request command, long now) {
        Waiting waiting = new Waiting(command, now);
        if (changes.size() + early.size() >= MAX_CHANGES || (bytes > 0 && bytes + waiting.bytes() > maxBytes)) {
            return false;
        }
        bytes += waiting.bytes();
        changes.addLast(waiting);
        return true;
    }

    /** Takes the next change if it isn't an append. */
    QueueCommand.@Nullable Request nextChange() {
        Waiting next = changes.peekFirst();
        return next == null || next.isAppend() ? null : changes.removeFirst().command();
    }

    /** Takes the appends that stand before the next other change, up to what one commit takes. */
    List<Waiting> nextAppends() {
        List<Waiting> batch = new ArrayList<>();
        int size = 0;
        int marks = 0;
        for (Waiting next = changes.peekFirst();
                next != null
                        && next.isAppend()
                        && batch.size() < BATCH_APPENDS
                        && (batch.isEmpty()
                                || (size + next.bytes() <= batchBytes && marks + next.marks() <= BATCH_MARKS));
                next = changes.peekFirst()) {
            changes.removeFirst();
            size += next.bytes();
            marks += next.marks();
            batch.add(next);
        }
        bytes -= size;
        return batch;
    }

    /** Keeps an append until its predecessors have come. */
    void keepEarly(Waiting append) {
        early.add(append);
        bytes += append.bytes();
    }

    /** Puts the early appends first again, after something was taken. */
    void retryEarly() {
        for (int i = early.size() - 1; i >= 0; i--) {
            changes.addFirst(early.get(i));
        }
        early.clear();
    }

    /** Removes and gives the early appends whose time is over. */
    List<Waiting> expired(long now) {
        return removeEarly(waiting -> waiting.since() + EARLY_MILLIS <= now);
    }

    private List<Waiting> removeEarly(Predicate<Waiting> which) {
        List<Waiting> removed = early.stream().filter(which).toList();
        early.removeIf(which);
        removed.forEach(waiting -> bytes -= waiting.bytes());
        return removed;
    }

    /** Removes and gives everything. */
    List<Waiting> drain() {
        List<Waiting> all = new ArrayList<>(changes);
        all.addAll(early);
        changes.clear();
        early.clear();
        bytes = 0;
        return all;
    }
}
