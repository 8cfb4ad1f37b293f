package io.millrace.protocol;

import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockCheck;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.event.EventInput;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** CPU seconds per million events of about 200 bytes on the paths that every event takes. Not a test: run it by hand. */
final class ProtocolBench {
    private static final int EVENTS = 5_000;
    private static final int ROUNDS = 60;
    private static final QueueName QUEUE = new QueueName("orders");

    private static long sink;

    private ProtocolBench() {}

    public static void main(String[] args) {
        byte[] ndjson = ndjson();
        List<NewEvent> events = new ArrayList<>();
        EventInput.ndjson(ndjson.clone(), QUEUE, events::add);
        Block plain = block(events).stamped(QUEUE, new EventId(1_700_000_000_000L, 0));
        Block unstamped = block(events);
        List<NewEvent> children = events.stream()
                .map(event -> new NewEvent(
                        event.payload(),
                        Correlation.of("orders", new EventId(1_700_000_000_000L, (int) (sink++ % 1_000))),
                        1_700_000_000_000L + sink,
                        null))
                .toList();
        Block emitted = block(children);
        Block emittedStamped = emitted.stamped(QUEUE, new EventId(1_700_000_000_000L, 0));
        System.out.printf(
                Locale.ROOT,
                "%d bytes an event as a line, %d stored%n",
                ndjson.length / EVENTS,
                plain.header().storedLength() / EVENTS);
        measure(
                "EventInput.ndjson",
                () -> EventInput.ndjson(
                        ndjson.clone(), QUEUE, event -> sink += event.payload().length()));
        measure("BlockWriter add, build", () -> sink += block(events).length());
        measure("Block.lines (crc, zstd)", () -> sink += plain.lines().length);
        measure(
                "BlockCheck.check, plain",
                () -> sink += BlockCheck.check(unstamped).size());
        measure(
                "BlockCheck.check, emitted",
                () -> sink += BlockCheck.check(emitted).size());
        measure("BlockReader, plain", () -> read(plain));
        measure("BlockReader, emitted", () -> read(emittedStamped));
    }

    private static void read(Block block) {
        BlockReader reader = new BlockReader(block);
        while (reader.advance()) {
            sink += reader.event().payload().length();
        }
    }

    private static Block block(List<NewEvent> events) {
        BlockWriter writer = new BlockWriter("");
        events.forEach(writer::add);
        return writer.build(true);
    }

    private static byte[] ndjson() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "{\"orderId\":\"o-%08d\",\"customer\":\"c-%05d\",\"sku\":\"ABC-%04d\",\"quantity\":%d,\"price\":%d.%02d,"
                            + "\"currency\":\"EUR\",\"at\":%d,\"paid\":true,\"address\":{\"city\":\"Basel\",\"zip\":\"%d\"},\"note\":\"n-%d\"}%n",
                    i,
                    i * 7919 % 100_000,
                    i * 31 % 10_000,
                    i % 9 + 1,
                    i % 500,
                    i % 100,
                    1_700_000_000_000L + i,
                    i % 9_000 + 1_000,
                    i * 104_729));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void measure(String name, Runnable work) {
        for (int i = 0; i < ROUNDS; i++) {
            work.run();
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < ROUNDS; i++) {
                work.run();
            }
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            best = Math.min(best, nanos / 1e9 * 1e6 / ((double) ROUNDS * EVENTS));
        }
        System.out.printf(Locale.ROOT, "%-28s %.3f CPU s per million, %,.0f events/s%n", name, best, 1e6 / best);
    }
}
