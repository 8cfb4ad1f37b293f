package io.millrace.node.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What this node's queues do, counted over all of them. */
final class QueueMetrics {
    private final Counter events;
    private final Counter bytes;
    private final Counter commits;
    private final Counter busy;

    QueueMetrics(MeterRegistry registry) {
        events = Counter.builder("millrace.queue.events")
                .description("Events taken")
                .register(registry);
        bytes = Counter.builder("millrace.queue.stored")
                .description("Bytes stored of events taken")
                .baseUnit("bytes")
                .register(registry);
        commits = Counter.builder("millrace.queue.commits")
                .description("Commits; events per commit tell how well appends group")
                .register(registry);
        busy = Counter.builder("millrace.queue.refused.busy")
                .description("Requests refused because too much waited")
                .register(registry);
    }

    void committed(long newEvents, long newBytes) {
        events.increment((double) newEvents);
        bytes.increment((double) newBytes);
        commits.increment();
    }

    void busy() {
        busy.increment();
    }
}
