package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.details;

import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;
import java.util.List;

/**
 * {@code -Dload.rate} (50) puts a second for {@code -Dload.duration} (45) seconds, and {@code -Dload.factor} (20) times as many
 * in the middle third. In the spike the bus may refuse, not fail; a few seconds behind it nothing is left to be seen.
 */
public final class Spike extends BusSimulation {
    private static final Duration CALM_DOWN = Duration.ofSeconds(3);

    /** Reads its settings and starts the bus if none is given. */
    public Spike() {
        super(45, 4);
        int rate = Settings.number("rate", 50);
        double more = (double) rate * Settings.number("factor", 20);
        Duration third = duration.dividedBy(3);
        simulate(
                List.of(
                        Injection.steadily("Before", puts("put before"), rate, third),
                        Injection.later("Spike", puts("put in the spike"), third, more, third),
                        Injection.later(
                                "Afterwards",
                                puts("put afterwards"),
                                third.multipliedBy(2).plus(CALM_DOWN),
                                rate,
                                third)),
                List.of(
                        acceptedInTime("put in the spike"),
                        refusedAtMost("put before", 0),
                        refusedAtMost("put afterwards", 0)),
                details("put afterwards").responseTime().percentile(95).lte(Settings.number("p95", 100)),
                details("put afterwards").responseTime().percentile(99).lte(Settings.number("p99", 500)));
    }

    private ChainBuilder puts(String name) {
        return anyQueue().exec(requests.put(name));
    }
}
