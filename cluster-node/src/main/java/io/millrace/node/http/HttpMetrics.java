package io.millrace.node.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the HTTP server has in work, and what it had to refuse. */
final class HttpMetrics {
    private static final int TOO_MANY_REQUESTS = 429;

    private final Counter refused;

    HttpMetrics(MeterRegistry registry, Admission admission) {
        refused = Counter.builder("millrace.http.refused.busy")
                .description("Requests answered with 429")
                .register(registry);
        Gauge.builder("millrace.http.appends", admission, Admission::bytesInWork)
                .description("Bytes of appends in work, as received plus decoded")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("millrace.http.reads", admission, Admission::readsUnderWay)
                .description("Reads under way, followers included")
                .register(registry);
    }

    void answered(int status) {
        if (status == TOO_MANY_REQUESTS) {
            refused.increment();
        }
    }
}
