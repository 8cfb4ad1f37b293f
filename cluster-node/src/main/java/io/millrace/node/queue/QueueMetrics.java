package io.millrace.node.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.telemetry.Names;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What this node's queues do, counted over all of them, and for queues by name as long as they are in memory: what is counted
 * by name starts anew whenever a queue comes back, the sums of the node never do.
 */
final class QueueMetrics {
    private final MeterRegistry registry;
    private final Names names;
    private final AtomicInteger inMemory = new AtomicInteger();
    private final Counter events;
    private final Counter bytes;
    private final Counter commits;
    private final Counter busy;
    private final Counter removedEvents;
    private final Counter removedBytes;

    /** @param names of queues that are told of by name */
    QueueMetrics(MeterRegistry registry, Names names) {
        this.registry = registry;
        this.names = names;
        events = counter("millrace.stored.events", "Events taken");
        bytes = bytes("millrace.stored", "Bytes stored of events taken");
        commits = counter("millrace.commits", "Commits; events per commit tell how well appends group");
        busy = counter("millrace.queue.refused", "Requests refused because too much waited for the queue");
        removedEvents = counter("millrace.removed.events", "Events that retention or a purge has removed");
        removedBytes = bytes("millrace.removed", "Stored bytes of events that retention or a purge has removed");
        Gauge.builder("millrace.queues", inMemory, AtomicInteger::get)
                .description("Queues in memory on this node")
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Counter bytes(String name, String description) {
        return Counter.builder(name).description(description).baseUnit("bytes").register(registry);
    }

    void busy() {
        busy.increment();
    }

    /** The meters of a queue that has come into memory. */
    OfQueue of(String queue) {
        inMemory.incrementAndGet();
        return new OfQueue(queue);
    }

    /** Confined to the queue's actor. */
    final class OfQueue {
        private final String queue;
        private String taken = "";
        private Counter ownEvents = events;
        private Counter ownBytes = bytes;

        private OfQueue(String queue) {
            this.queue = queue;
        }

        void committed(long newEvents, long newBytes) {
            if (taken.isEmpty() && newEvents > 0) {
                begin();
            }
            events.increment((double) newEvents);
            bytes.increment((double) newBytes);
            commits.increment();
            if (!taken.isEmpty()) {
                ownEvents.increment((double) newEvents);
                ownBytes.increment((double) newBytes);
            }
        }

        /** A queue that is only read takes no name. */
        private void begin() {
            taken = names.take(queue);
            ownEvents = Counter.builder("millrace.queue.events")
                    .description("Events taken by queue, since it came into memory here")
                    .tag("queue", taken)
                    .register(registry);
            ownBytes = Counter.builder("millrace.queue.stored")
                    .description("Bytes stored by queue, since it came into memory here")
                    .baseUnit("bytes")
                    .tag("queue", taken)
                    .register(registry);
        }

        void removed(long goneEvents, long goneBytes) {
            removedEvents.increment((double) goneEvents);
            removedBytes.increment((double) Math.max(0, goneBytes));
        }

        /** The queue leaves memory. */
        void close() {
            inMemory.decrementAndGet();
            if (names.leave(taken)) {
                registry.remove(ownEvents);
                registry.remove(ownBytes);
            }
        }
    }
}
