package io.millrace.node.telemetry;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/** Timers with few buckets, the same everywhere: quantiles are reckoned from them over all nodes. */
public final class Timers {
    private static final Duration[] REQUESTS = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);
    private static final Duration[] STATEMENTS = millis(1, 5, 10, 50, 100, 500, 2_500);
    private static final Duration[] WORK = millis(100, 1_000, 10_000, 60_000, 300_000, 900_000);

    private Timers() {}

    /** Of what somebody waits for: 1 ms to 10 s. */
    public static Timer.Builder ofRequests(String name, String description) {
        return of(name, description, REQUESTS);
    }

    /** Of what there are many kinds of: 1 ms to 2.5 s. */
    public static Timer.Builder ofStatements(String name, String description) {
        return of(name, description, STATEMENTS);
    }

    /** Of what may take long: 100 ms to 15 minutes. */
    public static Timer.Builder ofWork(String name, String description) {
        return of(name, description, WORK);
    }

    private static Timer.Builder of(String name, String description, Duration[] buckets) {
        return Timer.builder(name).description(description).serviceLevelObjectives(buckets);
    }

    private static Duration[] millis(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
