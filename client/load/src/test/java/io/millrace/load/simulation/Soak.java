package io.millrace.load.simulation;

import java.util.List;

/**
 * The steady traffic for {@code -Dload.duration} (600) seconds, told by fifths: the last may not be slower than the second
 * (the first warms up). What leaks shows there, and in the memory and files that the ledger tells at the end.
 */
public final class Soak extends BusSimulation {
    private static final int PARTS = 5;
    private static final int TOLERATED_FACTOR = 2;
    private static final int TOLERATED_MILLIS = 20;

    /** Reads its settings and starts the bus if none is given. */
    public Soak() {
        super(600, 8);
        simulate(
                Mix.of(this, session -> part(), Settings.number("rate", 100), Settings.number("readers", 2)),
                List.of(
                        refusedAtMost("", 0),
                        fresh("poll", 1_000),
                        fresh("stream", 1_000),
                        new Verdict("p95 of put isn't growing", () -> p95(PARTS) <= tolerated(p95(2)))),
                percentiles(name(PARTS), 100, 500));
    }

    private String part() {
        long part = 1 + ledger.elapsedSeconds() * PARTS / duration.toSeconds();
        return name((int) Math.min(part, PARTS));
    }

    private static String name(int part) {
        return "put, part " + part + " of " + PARTS;
    }

    private long p95(int part) {
        return ledger.row(name(part)).percentile(95);
    }

    private static long tolerated(long millis) {
        return TOLERATED_FACTOR * millis + TOLERATED_MILLIS;
    }
}
