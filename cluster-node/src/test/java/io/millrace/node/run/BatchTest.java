package io.millrace.node.run;

import static io.millrace.node.run.Events.event;
import static io.millrace.node.run.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final QueueName ORDERS = new QueueName("orders");

    @Test
    void aBatchIsCutByCount() {
        assertThat(sizes(new Batch(ORDERS, events(0, 10), 5).cut(4, 1 << 20))).containsExactly(4, 4, 2);
        assertThat(sizes(new Batch(ORDERS, events(0, 8), 5).cut(4, 1 << 20))).containsExactly(4, 4);
        assertThat(sizes(new Batch(ORDERS, events(0, 1), 5).cut(1, 1))).containsExactly(1);
    }

    @Test
    void aBatchIsCutByBytesButNeverAnEvent() {
        List<Event> mixed =
                List.of(event(0, "\"12345678\""), event(1, "1"), event(2, "\"a long one indeed\""), event(3, "2"));

        assertThat(sizes(new Batch(ORDERS, mixed, 5).cut(100, 11))).containsExactly(2, 1, 1);
    }

    @Test
    void nothingIsLostOrReordered() {
        List<Event> all = events(0, 57);
        List<Batch> cut = new Batch(ORDERS, all, 5).cut(5, 37);

        assertThat(cut.stream().flatMap(batch -> batch.events().stream())).containsExactlyElementsOf(all);
        assertThat(cut).allSatisfy(batch -> {
            assertThat(batch.takenAt()).isEqualTo(5);
            assertThat(batch.queue()).isEqualTo(ORDERS);
            assertThat(batch.last()).isEqualTo(batch.events().get(batch.events().size() - 1));
        });
    }

    private static List<Integer> sizes(List<Batch> batches) {
        return batches.stream().map(batch -> batch.events().size()).toList();
    }
}
