package io.millrace.node.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Readers that wait at the tail for a first event. Bounded in number. */
final class Followers {
    /** Each holds a few hundred bytes here and a request at its node. */
    static final int MAX = 10_000;

    private record Follower(QueueCommand.Read read, long deadline) {}

    private final List<Follower> waiting = new ArrayList<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** False if there is no room. */
    boolean offer(QueueCommand.Read read, long now) {
        return waiting.size() < MAX && waiting.add(new Follower(read, now + read.waitMillis()));
    }

    /** Removes and gives those that fit. */
    List<QueueCommand.Read> release(Predicate<QueueCommand.Read> which) {
        return remove(follower -> which.test(follower.read()));
    }

    /** Removes and gives those whose time is over. */
    List<QueueCommand.Read> expired(long now) {
        return remove(follower -> follower.deadline() <= now);
    }

    private List<QueueCommand.Read> remove(Predicate<Follower> which) {
        List<QueueCommand.Read> removed =
                waiting.stream().filter(which).map(Follower::read).toList();
        if (!removed.isEmpty()) {
            waiting.removeIf(which);
        }
        return removed;
    }
}
