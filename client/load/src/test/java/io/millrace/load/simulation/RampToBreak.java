package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.details;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;

/**
 * Batches of {@code -Dload.batch} (500) events, from one a second up to {@code -Dload.rate} (300) within
 * {@code -Dload.duration} (60) seconds, into {@code -Dload.queues} (1). Where it is too much the bus has to refuse with 429 and
 * go on taking what it can; the ledger tells when that began. Then single puts at a small rate: all as if nothing had been.
 */
public final class RampToBreak extends BusSimulation {
    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    private static final int FEW = 20;

    /** Reads its settings and starts the bus if none is given. */
    public RampToBreak() {
        super(60, 1);
        ChainBuilder batches = anyQueue().exec(requests.batch("batch", Settings.number("batch", 500)));
        PopulationBuilder ramp = Injection.growing("Ramp", batches, Settings.number("rate", 300), duration);
        PopulationBuilder afterwards =
                Injection.later("Afterwards", anyQueue().exec(requests.put("put afterwards")), REST, FEW, AFTERWARDS);
        simulate(
                List.of(ramp),
                List.of(afterwards),
                List.of(acceptedInTime("batch"), refusedAtMost("put afterwards", 0)),
                details("put afterwards").responseTime().percentile(99).lte(Settings.number("p99", 500)));
    }
}
