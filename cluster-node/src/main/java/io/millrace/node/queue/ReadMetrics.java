package io.millrace.node.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.protocol.block.Block;
import java.util.List;

/** What this node reads for its users and runs: from queues' windows at the tail, or from the log. */
final class ReadMetrics {
    private final Counts tail;
    private final Counts log;

    ReadMetrics(MeterRegistry registry) {
        tail = new Counts(registry, "tail");
        log = new Counts(registry, "log");
    }

    void fromTail(List<Block> blocks) {
        tail.add(blocks);
    }

    void fromLog(List<Block> blocks) {
        log.add(blocks);
    }

    private static final class Counts {
        private final Counter steps;
        private final Counter events;
        private final Counter bytes;

        Counts(MeterRegistry registry, String from) {
            steps = counter("millrace.read.steps", "Steps of reads, one to a handful of blocks each", from)
                    .register(registry);
            events = counter(
                            "millrace.read.events",
                            "Events in blocks read, before they are trimmed to what was asked for",
                            from)
                    .register(registry);
            bytes = counter("millrace.read", "Bytes of blocks read", from)
                    .baseUnit("bytes")
                    .register(registry);
        }

        private static Counter.Builder counter(String name, String description, String from) {
            return Counter.builder(name).description(description).tag("from", from);
        }

        void add(List<Block> blocks) {
            steps.increment();
            for (Block block : blocks) {
                events.increment(block.header().events());
                bytes.increment(block.length());
            }
        }
    }
}
