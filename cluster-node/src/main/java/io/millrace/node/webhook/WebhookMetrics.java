package io.millrace.node.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.telemetry.Timers;
import java.time.Duration;

/** What this node's calls of webhooks come to, over all bots. */
final class WebhookMetrics {
    private final Timer answered;
    private final Timer failed;
    private final Counter refused;

    WebhookMetrics(MeterRegistry registry, Gate gate) {
        answered = timer(registry, "answered");
        failed = timer(registry, "failed");
        refused = Counter.builder("millrace.webhook.refused")
                .description("Calls refused because too many waited")
                .register(registry);
        Gauge.builder("millrace.webhook.under.way", gate, Gate::taken)
                .description("Calls under way")
                .register(registry);
        Gauge.builder("millrace.webhook.waiting", gate, Gate::waiting)
                .description("Calls that wait for another one to end")
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timers.ofWork("millrace.webhook.calls", "Calls, by whether an answer came at all, whatever its status")
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered(Duration time) {
        answered.record(time);
    }

    void failed(Duration time) {
        failed.record(time);
    }

    void refused() {
        refused.increment();
    }
}
