package io.millrace.load.simulation;

import java.util.List;

/**
 * {@code -Dload.rate} (100) puts a second, one after the other into each of {@code -Dload.queues} (1000) queues that nobody
 * has made before: the first round makes them, the later ones find them.
 */
public final class ManyQueues extends BusSimulation {
    /** Reads its settings and starts the bus if none is given. */
    public ManyQueues() {
        super(60, 1_000);
        int rate = Settings.number("rate", 100);
        long round = queues().size() / rate;
        simulate(
                List.of(Injection.steadily(
                        "Puts",
                        anyQueue()
                                .exec(requests.put(
                                        session -> ledger.elapsedSeconds() <= round ? "put, first round" : "put")),
                        rate,
                        duration)),
                List.of(refusedAtMost("", 0)),
                percentiles("put", 200, 1_000));
    }
}
