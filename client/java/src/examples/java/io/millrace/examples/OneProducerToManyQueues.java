package io.millrace.examples;

import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.protocol.Payload;
import java.util.List;

/** One producer to many queues: one loader, and each event names the queue that it goes into. */
public final class OneProducerToManyQueues {
    private OneProducerToManyQueues() {}

    /** The readings of a sensor stand in their order in the queue of their kind. */
    public static void load(Millrace bus, List<Reading> readings) {
        try (Loader loader = bus.load(LoadOptions.DEFAULT)) {
            readings.forEach(reading -> loader.add("sensor-" + reading.kind(), Payload.of(reading)));
        }
    }

    /** What a sensor says. */
    public record Reading(String kind, String place, double value) {}

    public static void main(String[] arguments) {
        try (Millrace bus = Bus.connect(arguments)) {
            load(bus, List.of(new Reading("heat", "cellar", 12.5), new Reading("light", "cellar", 0)));
            bus.read("sensor-heat").forEach(System.out::println);
            bus.read("sensor-light").forEach(System.out::println);
        }
    }
}
