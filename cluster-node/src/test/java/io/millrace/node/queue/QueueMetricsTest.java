package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.telemetry.Names;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QueueMetrics metrics = new QueueMetrics(registry, new Names(1));

    private double events(String queue) {
        Counter counter =
                registry.find("millrace.queue.events").tag("queue", queue).counter();
        return counter == null ? -1 : counter.count();
    }

    @Test
    void aQueueAtRestHasNoSeriesAndTheSumsStay() {
        QueueMetrics.OfQueue orders = metrics.of("orders");
        orders.committed(0, 0);
        assertThat(events("orders")).as("nothing was taken yet").isEqualTo(-1);
        orders.committed(3, 100);
        QueueMetrics.OfQueue late = metrics.of("late");
        late.committed(2, 50);

        assertThat(events("orders")).isEqualTo(3);
        assertThat(events("late")).isEqualTo(-1);
        assertThat(events("_other")).isEqualTo(2);
        assertThat(registry.get("millrace.queues").gauge().value()).isEqualTo(2);

        orders.close();
        late.close();

        assertThat(events("orders")).isEqualTo(-1);
        assertThat(events("_other")).isEqualTo(2);
        assertThat(registry.get("millrace.stored.events").counter().count()).isEqualTo(5);
        assertThat(registry.get("millrace.queues").gauge().value()).isZero();
    }

    @Test
    void aQueueThatIsOnlyReadTakesNoName() {
        metrics.of("read");
        QueueMetrics.OfQueue written = metrics.of("written");
        written.committed(1, 1);

        assertThat(events("written")).isEqualTo(1);
    }
}
