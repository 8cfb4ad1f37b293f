package io.millrace.node.run;

import static io.millrace.node.run.Events.NOW;
import static io.millrace.node.run.Events.events;
import static io.millrace.node.run.Events.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final QueueName ORDERS = new QueueName("orders");
    private final Progress progress =
            new Progress(Map.of("orders", new Checkpoint(Position.of(id(0)), 100, null, null, null)), NOW);

    private static Handled handled(QueueName queue, List<Event> events, long takenAt) {
        return Handled.of(new Batch(queue, events, takenAt), Map.of());
    }

    @Test
    void aCheckpointTellsTheLastEventAndCountsOnFromTheOneBefore() {
        progress.done(handled(ORDERS, events(1, 6), NOW + 1), NOW + 2);
        progress.done(handled(ORDERS, events(6, 11), NOW + 3), NOW + 4);

        assertThat(progress.take(NOW + 5))
                .containsExactly(
                        Map.entry(ORDERS, new Checkpoint(Position.of(id(10)), 110, NOW - 10, NOW + 3, NOW + 4)));
    }

    @Test
    void itIsDueAfterAThousandRecords() {
        progress.done(handled(ORDERS, events(1, 1_000), NOW), NOW);
        assertThat(progress.isDue(NOW)).isFalse();
        progress.done(handled(ORDERS, events(1_000, 1_001), NOW), NOW);
        assertThat(progress.isDue(NOW)).isTrue();
        progress.take(NOW);
        assertThat(progress.isDue(NOW)).isFalse();
    }

    @Test
    void itIsDueAfterASecondIfThereIsAnything() {
        assertThat(progress.isDue(NOW + 5_000)).isFalse();
        progress.done(handled(ORDERS, events(1, 2), NOW), NOW + 5_000);
        assertThat(progress.isDue(NOW + 5_000)).isTrue();
        progress.take(NOW + 5_000);
        progress.done(handled(ORDERS, events(2, 3), NOW), NOW + 5_999);
        assertThat(progress.isDue(NOW + 5_999)).isFalse();
        assertThat(progress.isDue(NOW + 6_000)).isTrue();
    }

    @Test
    void onlyQueuesThatMovedAreTaken() {
        progress.done(handled(new QueueName("returns"), events(0, 3), NOW), NOW);

        assertThat(progress.take(NOW)).containsOnlyKeys(new QueueName("returns"));
        assertThat(progress.take(NOW)).isEmpty();
    }
}
