package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.EventId;
import io.millrace.protocol.http.QueueConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueStateTest {
    private static final EventId LAST = new EventId(NOW, 9);

    /** One of each kind; golden files and the walk over all kinds draw from here. */
    static final Map<Class<?>, QueueEvent> ONE_OF_EACH = List.<QueueEvent>of(
                    new QueueEvent.Appended(
                            NOW,
                            LAST,
                            10,
                            2,
                            90,
                            List.of(
                                    new QueueEvent.Take(
                                            2,
                                            1,
                                            new EventId(NOW, 8),
                                            "price",
                                            NOW - 5,
                                            new QueueEvent.Sequence("p-1", 7, -123_456_789L),
                                            new QueueEvent.Run(
                                                    "price",
                                                    3,
                                                    41,
                                                    List.of(new QueueEvent.Mark("orders", new EventId(NOW - 9, 1))))),
                                    new QueueEvent.Take(0, 3, null, null, 0, null, null)),
                            List.of()),
                    new QueueEvent.Trimmed(NOW, LAST, 10, 511, 8, new EventId(NOW, 7), new EventId(NOW, 8), 4_096),
                    new QueueEvent.Configured(
                            NOW,
                            LAST,
                            10,
                            new QueueConfig(
                                    "what it is for",
                                    "somebody",
                                    List.of("shop"),
                                    true,
                                    new QueueConfig.Retention(Duration.ofDays(7), 1_000_000L))),
                    new QueueEvent.Archived(NOW, LAST, 10),
                    new QueueEvent.Purged(NOW, LAST, 10),
                    new QueueEvent.Subscribed(LAST, 10, "price"),
                    new QueueEvent.Unsubscribed(LAST, 10, "price"),
                    new QueueEvent.Fenced(LAST, 10, "price", 3, 42))
            .stream()
            .collect(Collectors.toMap(Object::getClass, event -> event));

    @Test
    void everyEventHasARuleAndIsCountedAsOneRecord() {
        assertThat(Set.of(QueueEvent.class.getPermittedSubclasses())).isEqualTo(ONE_OF_EACH.keySet());

        Arrays.stream(QueueEvent.class.getPermittedSubclasses())
                .map(ONE_OF_EACH::get)
                .forEach(event -> assertThat(QueueState.EMPTY.apply(event).sequence())
                        .as("%s", event)
                        .isEqualTo(1));
    }

    @Test
    void aSnapshotIsDueByWhatARecoveryWouldReplayAndNotAgainRightAfter() {
        QueueState state = QueueState.EMPTY;
        int records = 0;
        while (!state.isSnapshotDue()) {
            state = state.apply(takes(400));
            records++;
        }
        assertThat(records).isLessThan(10);

        state = state.apply(takes(1));
        assertThat(state.isSnapshotDue()).isFalse();
        for (int i = 1; i < records - 1; i++) {
            state = state.apply(takes(400));
            assertThat(state.isSnapshotDue()).isFalse();
        }
    }

    @Test
    void anythingElseIsCountedToo() {
        QueueState state = QueueState.EMPTY;
        int records = 0;
        while (!state.isSnapshotDue()) {
            state = state.apply(new QueueEvent.Subscribed(LAST, 10, "b"));
            records++;
        }
        assertThat(records).isBetween(1_000, 10_000);
    }

    @Test
    void theStateHoldsNoPayloadsAndDoesNotGrowWithTheQueue() {
        TestQueue queue = new TestQueue();
        byte[] early = null;
        for (int i = 1; i <= 300; i++) {
            queue.take(Given.numbered("p", i, "a-secret-payload".repeat(100)));
            if (i == 100) {
                early = new QueueSnapshotCodec().encode(queue.state).bytes().array();
            }
            queue.snapshot();
        }
        byte[] late = new QueueSnapshotCodec().encode(queue.state).bytes().array();

        assertThat(new String(late, StandardCharsets.UTF_8)).doesNotContain("secret");
        assertThat(late.length).isLessThan(early.length + 20).isLessThan(2_000);
    }

    @Test
    void theOldestWriterMakesRoom() {
        QueueState state = QueueState.EMPTY;
        for (int i = 0; i <= QueueState.MAX_WRITERS; i++) {
            state = state.apply(new QueueEvent.Appended(
                    NOW + i,
                    new EventId(NOW + i, 0),
                    i + 1,
                    1,
                    10,
                    List.of(new QueueEvent.Take(1, 0, new EventId(NOW + i, 0), "b" + i, NOW, null, null)),
                    List.of()));
        }
        assertThat(state.writers())
                .hasSize(QueueState.MAX_WRITERS)
                .doesNotContainKey("b0")
                .containsKeys("b1", "b1000");
    }

    private static QueueEvent takes(int count) {
        return new QueueEvent.Appended(
                NOW,
                LAST,
                10,
                1,
                10,
                IntStream.range(0, count)
                        .mapToObj(i -> new QueueEvent.Take(1, 0, LAST, null, NOW, null, null))
                        .toList(),
                List.of());
    }
}
