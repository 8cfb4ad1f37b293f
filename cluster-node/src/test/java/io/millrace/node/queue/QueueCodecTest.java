package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.journal.EncodedSnapshot;
import io.millrace.protocol.EventId;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.QueueConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;

/**
 * What logs and snapshots hold. The golden files are what was once written: they are never changed, a new version gets a
 * new manifest and a new file.
 */
class QueueCodecTest {
    /** Of the journal's limits, as the node sets them. */
    private static final int HEAD_LIMIT = 1 << 20;

    private static final int SNAPSHOT_LIMIT = 12 << 20;

    private final QueueEventCodec events = new QueueEventCodec();
    private final QueueSnapshotCodec snapshots = new QueueSnapshotCodec();

    @TestFactory
    List<DynamicTest> oldRecordsStayReadableAndNewOnesLookTheSame() {
        return QueueStateTest.ONE_OF_EACH.values().stream()
                .map(event -> {
                    EncodedEvent encoded = events.encode(event);
                    return DynamicTest.dynamicTest(encoded.manifest(), () -> {
                        String golden = golden(encoded.manifest());
                        assertThat(events.decodes(encoded.manifest())).isTrue();
                        assertThat(events.decode(encoded.manifest(), bytes(golden)))
                                .isEqualTo(event);
                        assertThat(text(encoded.head())).isEqualTo(golden);
                    });
                })
                .toList();
    }

    @Test
    void oldSnapshotsStayReadableAndNewOnesLookTheSame() {
        EncodedSnapshot encoded = snapshots.encode(state());
        String golden = golden(encoded.manifest());
        assertThat(snapshots.decodes("queue.state.v1")).isTrue();
        assertThat(snapshots.decode("queue.state.v1", bytes(golden))).isEqualTo(state());
        assertThat(text(encoded.bytes())).isEqualTo(golden);
    }

    @Test
    void aHeadHoldsNoEventsAndTheBodyNothingElse() {
        TestQueue queue = new TestQueue();
        queue.take(Given.append("a-secret-payload"));
        QueueEvent.Appended record = (QueueEvent.Appended) queue.records.get(0);

        EncodedEvent encoded = events.encode(record);

        assertThat(text(encoded.head())).doesNotContain("secret").doesNotContain("blocks");
        assertThat(encoded.body()).isEqualTo(Block.toBytes(record.blocks()));
        QueueEvent.Appended read = (QueueEvent.Appended) events.decode(encoded.manifest(), encoded.head());
        assertThat(read.blocks()).isEmpty();
        assertThat(read.takes()).isEqualTo(record.takes());
        assertThat(events.encode(new QueueEvent.Archived(NOW, record.last(), 1))
                        .body()
                        .remaining())
                .isZero();
    }

    @Test
    void everyHeadTellsHowFarTheQueueHadCome() {
        QueueStateTest.ONE_OF_EACH.values().forEach(event -> {
            QueueEventCodec.HeadPosition position =
                    QueueEventCodec.position(events.encode(event).head());
            assertThat(position.last()).as("%s", event).isEqualTo(event.last());
            assertThat(position.ordinal()).isEqualTo(event.ordinal());
            assertThat(position.events())
                    .isEqualTo(event instanceof QueueEvent.Appended appended ? appended.events() : 0);
        });
    }

    @Test
    void aTakeIsSmall() {
        assertThat(bytesPerTake(i -> new QueueEvent.Take(1, 0, new EventId(NOW, i), null, NOW, null, null)))
                .isLessThan(130);
        assertThat(bytesPerTake(i -> new QueueEvent.Take(
                        100,
                        0,
                        new EventId(NOW, i),
                        null,
                        NOW,
                        new QueueEvent.Sequence("2c2b4a1e-loader-7", 1_000_000 + i, Long.MIN_VALUE + i),
                        null)))
                .isLessThan(230);
    }

    @Test
    void theLargestHeadFitsTheJournal() {
        String name = "n".repeat(200);
        List<QueueEvent.Take> takes = IntStream.range(0, 500)
                .mapToObj(i -> new QueueEvent.Take(
                        100_000,
                        100_000,
                        new EventId(NOW, i),
                        name,
                        NOW,
                        new QueueEvent.Sequence(name, Long.MAX_VALUE, Long.MIN_VALUE),
                        // The backlog lets 1,000 marks into one commit: all of one append, or shared out.
                        new QueueEvent.Run(
                                name,
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                List.of(
                                        new QueueEvent.Mark(name, new EventId(NOW, 1)),
                                        new QueueEvent.Mark(name, new EventId(NOW, 2))))))
                .toList();
        QueueEvent record = new QueueEvent.Appended(NOW, new EventId(NOW, 500), 500, 500, 1 << 20, takes, List.of());
        assertThat(events.encode(record).head().remaining()).isLessThan(HEAD_LIMIT);
    }

    @Test
    void theLargestSnapshotOfProducersFitsTheStore() {
        List<Producer.Answer> recent = IntStream.range(0, 16)
                .mapToObj(i -> new Producer.Answer(
                        Long.MAX_VALUE - 100 + i, Long.MIN_VALUE + i, 100_000, 100_000, new EventId(NOW, 9_999_999)))
                .toList();
        Map<String, Producer> producers = new HashMap<>();
        String name = "n".repeat(190);
        IntStream.range(0, QueueState.MAX_PRODUCERS).forEach(i -> producers.put(name + i, new Producer(NOW, recent)));

        EncodedSnapshot encoded = snapshots.encode(with(state(), producers));

        assertThat(encoded.bytes().remaining()).isLessThan(SNAPSHOT_LIMIT);
        assertThat(snapshots.decode(encoded.manifest(), encoded.bytes()).producers())
                .isEqualTo(HashTreePMap.from(producers));
    }

    private int bytesPerTake(IntFunction<QueueEvent.Take> take) {
        int few = headOf(IntStream.range(0, 10).mapToObj(take).toList());
        int many = headOf(IntStream.range(0, 410).mapToObj(take).toList());
        return (many - few) / 400;
    }

    private int headOf(List<QueueEvent.Take> takes) {
        return events.encode(new QueueEvent.Appended(NOW, new EventId(NOW, 500), 500, 500, 1 << 20, takes, List.of()))
                .head()
                .remaining();
    }

    private static QueueState state() {
        EventId last = new EventId(NOW, 11);
        return new QueueState(
                12,
                NOW - 1_000,
                new QueueConfig("what it is for", null, List.of("shop"), false, null),
                3,
                true,
                last,
                11,
                4_096,
                new EventId(NOW - 100, 0),
                4,
                5,
                new EventId(NOW - 101, 3),
                HashTreePMap.singleton(
                        "p-1",
                        new Producer(
                                NOW,
                                List.of(
                                        new Producer.Answer(6, 77, 0, 3, null),
                                        new Producer.Answer(7, -123_456_789L, 2, 0, new EventId(NOW, 10))))),
                HashTreePMap.singleton("price", new Marks(3, 41, Map.of("orders", new EventId(NOW - 9, 1)))),
                HashTreePMap.singleton("price", new Writer(last, 6, NOW - 5, NOW)),
                HashTreePSet.singleton("invoice"),
                0);
    }

    private static QueueState with(QueueState state, Map<String, Producer> producers) {
        return new QueueState(
                state.sequence(),
                state.createdAt(),
                state.config(),
                state.version(),
                state.archived(),
                state.last(),
                state.ordinal(),
                state.bytes(),
                state.first(),
                state.floor(),
                state.floorOrdinal(),
                state.gone(),
                HashTreePMap.from(producers),
                state.marks(),
                state.writers(),
                state.subscribers(),
                0);
    }

    private static String golden(String manifest) {
        String name = "/golden/queue/" + manifest + ".json";
        try (InputStream file = QueueCodecTest.class.getResourceAsStream(name)) {
            assertThat(file).as("every manifest has a golden file: %s", name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
