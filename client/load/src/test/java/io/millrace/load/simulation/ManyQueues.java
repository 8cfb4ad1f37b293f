package io.millrace.load.simulation;

import io.gatling.javaapi.core.Session;
import java.util.List;

/**
 * {@code -Dload.rate} (100) puts a second, one after the other into each of {@code -Dload.queues} (1000) queues that nobody
 * has made before: the first round makes them, the later ones find them.
 */
public final class ManyQueues extends BusSimulation {
    /** Reads its settings and starts the bus if none is given. */
    public ManyQueues() {
        super(60, 1_000);
        simulate(
                List.of(Injection.steadily(
                        "Puts", anyQueue().exec(requests.put(this::name)), Settings.number("rate", 100), duration)),
                List.of(refusedAtMost("", 0)),
                percentiles("put", 200, 1_000));
    }

    private String name(Session session) {
        return ledger.queues().containsKey(session.getString(Requests.QUEUE)) ? "put" : "put, its queue's first";
    }
}
