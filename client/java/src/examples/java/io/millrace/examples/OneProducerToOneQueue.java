package io.millrace.examples;

import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.protocol.Payload;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One producer to one queue, for vast numbers: events are gathered into batches, several of which are on their way, and the
 * caller waits when the buffer is full. For a few events {@link Millrace#put} is simpler.
 */
public final class OneProducerToOneQueue {
    private OneProducerToOneQueue() {}

    /** All are durable and readable, in order and once, when it returns. */
    public static void load(Millrace bus, Stream<String> lines) {
        // A producer with a name goes on where it was, should the program be started again.
        LoadOptions options = LoadOptions.DEFAULT.producer("line-importer");
        try (Loader loader = bus.load("lines", options)) {
            lines.forEachOrdered(line -> loader.add(Payload.of(line)));
        }
    }

    public static void main(String[] arguments) {
        try (Millrace bus = Bus.connect(arguments)) {
            load(bus, IntStream.range(0, 100_000).mapToObj(i -> "line " + i));
            System.out.println(bus.queues().get("lines").orElseThrow());
        }
    }
}
