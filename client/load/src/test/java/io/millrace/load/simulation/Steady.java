package io.millrace.load.simulation;

import java.util.List;

/**
 * Everyday traffic at one rate: {@code -Dload.rate} (200) single puts a second, batches of {@code -Dload.batch} (100) events
 * and reads a tenth as often, {@code -Dload.readers} (2) at the tail of each kind, in {@code -Dload.queues} (4).
 */
public final class Steady extends BusSimulation {
    /** Reads its settings and starts the bus if none is given. */
    public Steady() {
        super(60, 4);
        simulate(
                Mix.of(this, session -> "put", Settings.number("rate", 200), Settings.number("readers", 2)),
                List.of(refusedAtMost("", 0), fresh("poll", 1_000), fresh("stream", 1_000)),
                percentiles("put", 100, 500));
    }
}
