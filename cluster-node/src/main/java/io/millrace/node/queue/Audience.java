package io.millrace.node.queue;

import io.millrace.protocol.ProblemType;
import java.util.List;

/** Who is told of what has become durable: readers at the tail, bots that sleep, bots that wrote for the first time. */
final class Audience {
    private final QueueContext queue;
    private final TailReads reads;
    private final Sleepers sleepers;

    Audience(QueueContext queue) {
        this.queue = queue;
        reads = new TailReads(queue.settings().windowBytes());
        sleepers = new Sleepers(queue.name().value(), queue.bots(), queue.moves());
    }

    /** Whether readers wait. */
    boolean isWaitedFor() {
        return reads.isWaitedFor();
    }

    /** Whether a reader would be told at once that there is nothing more than what it gets. */
    boolean wouldEnd(QueueCommand.Read read, QueueState state) {
        return reads.wouldEnd(read, state);
    }

    /** Answers at once, or when something comes. */
    void serve(QueueCommand.Read read, QueueState state) {
        if (!reads.serve(read, state, now())) {
            CommitLine.refuse(read, ProblemType.TOO_MANY_REQUESTS, "too many readers wait at the queue's tail");
        }
    }

    /** Takes a bot that wants to sleep; false if it must be subscribed first. */
    boolean offer(QueueCommand.Sleep sleep, QueueState state) {
        return sleepers.offer(sleep, state);
    }

    /** Keeps a bot until the queue has recovered, or its subscription is durable. */
    void await(QueueCommand.Sleep sleep) {
        sleepers.await(sleep);
    }

    /** The log was claimed anew. {@return the bots that have waited for it} */
    List<QueueCommand.Sleep> recovered(QueueState state) {
        reads.restart();
        return sleepers.recovered(state, now());
    }

    void committed(QueueState before, Commit commit, QueueState after) {
        reads.add(before, commit.records());
        reads.release(after, now());
        commit.writers()
                .filter(bot -> !before.writers().containsKey(bot))
                .forEach(bot -> queue.bots().wrote(bot, queue.name().value()));
        sleepers.committed(after, after.last().isAfter(before.last()), now());
    }

    /** A commit may have been made or not, and this owner may not live to see which. */
    void unknown(QueueState before, Commit commit) {
        sleepers.unknown(before, commit.last());
    }

    /** Removes the readers whose time is over. {@return what they ask now} */
    List<QueueCommand.Read> expired() {
        return reads.expired(now());
    }

    /** Answers all readers as if their time were over: they ask again, here or where the queue has gone. */
    void endReads(QueueState state) {
        reads.endAll(state);
    }

    void refuseReads() {
        reads.refuseAll();
    }

    private long now() {
        return queue.ticker().millis();
    }
}
