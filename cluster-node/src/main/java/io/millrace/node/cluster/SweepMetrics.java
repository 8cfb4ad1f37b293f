package io.millrace.node.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What the safety net does on this node; the sweeper's own counts grow where it runs. */
final class SweepMetrics {
    private final Counter overflows;
    private final Counter reports;
    private final Counter repeated;
    private final Counter checks;
    private final Counter sweeps;
    private final Counter slots;
    private final AtomicInteger here = new AtomicInteger();

    SweepMetrics(MeterRegistry registry, Supplier<Number> waiting) {
        Gauge.builder("millrace.sweeper.moved", waiting)
                .description("Pairs of a queue and a bot that wait to be reported to the sweeper")
                .register(registry);
        Gauge.builder("millrace.sweeper.here", here, AtomicInteger::get)
                .description("1 on the node where the sweeper, the singleton of the cluster, runs")
                .register(registry);
        overflows = counter(registry, "overflows", "Times that too much was noted: every bot is asked to look instead");
        reports = counter(registry, "reports", "Reports of this node that the sweeper has heard");
        repeated = counter(registry, "repeated", "Reports of this node that were not heard and so are repeated");
        checks = counter(
                registry, "checks", "Bots that the sweeper on this node has asked to look, at a queue or at all");
        slots = counter(
                registry,
                "slots",
                "Bots that the sweeper on this node has told that a slot of their schedule has come");
        sweeps = counter(registry, "sweeps", "Sweeps over all bots that the sweeper on this node has begun");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace.sweeper." + name)
                .description(description)
                .register(registry);
    }

    /** The sweeper begins here. */
    void began() {
        here.set(1);
    }

    /** It ends, or goes to another node. */
    void ended() {
        here.set(0);
    }

    void overflowed() {
        overflows.increment();
    }

    void reported() {
        reports.increment();
    }

    void repeated() {
        repeated.increment();
    }

    void checked(int bots) {
        checks.increment(bots);
    }

    void slotsCame(int bots) {
        slots.increment(bots);
    }

    void swept() {
        sweeps.increment();
    }
}
