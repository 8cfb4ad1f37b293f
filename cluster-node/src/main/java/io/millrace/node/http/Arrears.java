package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The appends in work on this node, by queue. Where one has been in work for too long, and not few wait behind it, more come than
 * are taken: new ones are refused at once, so that the waiting doesn't grow until every client's time is over. Each queue for
 * itself: one that is behind, or that moves, is nothing to the others.
 */
final class Arrears {
    /** So many of a queue are no crowd: what holds them up is something else, and they learn what. */
    static final int FEW = 64;

    /** One append, from when its body has arrived to its answer. */
    static final class Entry {
        private final QueueName queue;
        private final long since;

        private Entry(QueueName queue, long since) {
            this.queue = queue;
            this.since = since;
        }
    }

    private final long patience;
    private final LongSupplier nanos;
    private final Map<QueueName, Set<Entry>> entries = new ConcurrentHashMap<>();

    /** @param patience how long the oldest of a crowd may have been in work */
    Arrears(Duration patience, LongSupplier nanos) {
        this.patience = patience.toNanos();
        this.nanos = nanos;
    }

    /** @throws Refusal if the queue is behind */
    void requireTimely(QueueName queue) {
        entries.computeIfPresent(queue, (name, inWork) -> {
            if (inWork.size() >= FEW && nanos.getAsLong() - inWork.iterator().next().since > patience) {
                throw Refusal.of(ProblemType.TOO_MANY_REQUESTS, "the queue takes appends slower than they come");
            }
            return inWork;
        });
    }

    /** An append is in work; {@link #end} must follow. */
    Entry begin(QueueName queue) {
        Entry entry = new Entry(queue, nanos.getAsLong());
        entries.compute(queue, (name, inWork) -> {
            Set<Entry> all = inWork == null ? new LinkedHashSet<>() : inWork;
            all.add(entry);
            return all;
        });
        return entry;
    }

    void end(Entry entry) {
        entries.computeIfPresent(entry.queue, (name, inWork) -> {
            inWork.remove(entry);
            return inWork.isEmpty() ? null : inWork;
        });
    }

    /** Queues with appends in work. */
    int queues() {
        return entries.size();
    }
}
