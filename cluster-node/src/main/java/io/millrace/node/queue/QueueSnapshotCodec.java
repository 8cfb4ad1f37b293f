package io.millrace.node.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.node.journal.EncodedSnapshot;
import io.millrace.node.journal.JsonHeads;
import io.millrace.node.journal.SnapshotCodec;
import io.millrace.protocol.EventId;
import io.millrace.protocol.http.QueueConfig;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
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
            Map<String, Producer> producers,
            Map<String, Marks> marks,
            Map<String, Writer> writers,
            Set<String> subscribers) {}

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
                queue.producers(),
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
                HashTreePMap.from(snapshot.producers()),
                HashTreePMap.from(snapshot.marks()),
                HashTreePMap.from(snapshot.writers()),
                HashTreePSet.from(snapshot.subscribers()),
                0);
    }
}
