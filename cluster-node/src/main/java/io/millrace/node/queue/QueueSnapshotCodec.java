package io.millrace.node.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.node.journal.EncodedSnapshot;
import io.millrace.node.journal.JsonHeads;
import io.millrace.node.journal.SnapshotCodec;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.QueueConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;

/** A queue's state as bytes. */
public final class QueueSnapshotCodec implements SnapshotCodec {
    private static final JsonHeads<Snapshot> JSON = new JsonHeads<>(Map.of("queue.state.v1", Snapshot.class));

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Snapshot(
            long sequence,
            long createdAt,
            QueueConfig config,
            long version,
            boolean archived,
            EventId last,
            long ordinal,
            long bytes,
            @Nullable EventId first,
            long floor,
            long floorOrdinal,
            @Nullable EventId gone,
            Map<String, Remembered> producers,
            Map<String, Marks> marks,
            Map<String, Writer> writers,
            Set<String> subscribers) {}

    /**
     * A producer; 10,000 of them must fit into a snapshot.
     *
     * @param last the number of the last answer; their numbers have no gap
     * @param recent of each answer: hash, events, repeated, and, unless it took nothing, first id's ms and position
     */
    private record Remembered(long usedAt, long last, List<long[]> recent) {
        static Remembered of(Producer producer) {
            return new Remembered(
                    producer.usedAt(),
                    producer.last(),
                    producer.recent().stream().map(Remembered::of).toList());
        }

        private static long[] of(Producer.Answer answer) {
            EventId first = answer.first();
            return first == null
                    ? new long[] {answer.hash(), answer.events(), answer.repeated()}
                    : new long[] {answer.hash(), answer.events(), answer.repeated(), first.millis(), first.position()};
        }

        Producer toProducer() {
            List<Producer.Answer> answers = new ArrayList<>();
            for (long[] answer : recent) {
                answers.add(new Producer.Answer(
                        last - recent.size() + 1 + answers.size(),
                        answer[0],
                        (int) answer[1],
                        (int) answer[2],
                        answer.length == 3 ? null : new EventId(answer[3], (int) answer[4])));
            }
            return new Producer(usedAt, List.copyOf(answers));
        }
    }

    @Override
    public boolean encodes(Object state) {
        return state instanceof QueueState;
    }

    @Override
    public EncodedSnapshot encode(Object state) {
        QueueState queue = (QueueState) state;
        Snapshot snapshot = new Snapshot(
                queue.sequence(),
                queue.createdAt(),
                queue.config(),
                queue.version(),
                queue.archived(),
                queue.last(),
                queue.ordinal(),
                queue.bytes(),
                queue.first(),
                queue.floor(),
                queue.floorOrdinal(),
                queue.gone().equals(EventId.MIN) ? null : queue.gone(),
                each(queue.producers(), Remembered::of),
                queue.marks(),
                queue.writers(),
                queue.subscribers());
        return new EncodedSnapshot(JSON.manifest(snapshot), JSON.head(snapshot));
    }

    @Override
    public boolean decodes(String manifest) {
        return JSON.knows(manifest);
    }

    @Override
    public QueueState decode(String manifest, ByteBuffer bytes) {
        Snapshot snapshot = JSON.read(manifest, bytes);
        return new QueueState(
                snapshot.sequence(),
                snapshot.createdAt(),
                snapshot.config(),
                snapshot.version(),
                snapshot.archived(),
                snapshot.last(),
                snapshot.ordinal(),
                snapshot.bytes(),
                snapshot.first(),
                snapshot.floor(),
                snapshot.floorOrdinal(),
                Objects.requireNonNullElse(snapshot.gone(), EventId.MIN),
                HashTreePMap.from(each(snapshot.producers(), Remembered::toProducer)),
                HashTreePMap.from(snapshot.marks()),
                HashTreePMap.from(snapshot.writers()),
                HashTreePSet.from(snapshot.subscribers()),
                0);
    }

    private static <A, B> Map<String, B> each(Map<String, A> map, Function<A, B> change) {
        Map<String, B> changed = new LinkedHashMap<>();
        map.forEach((key, value) -> changed.put(key, change.apply(value)));
        return changed;
    }
}
