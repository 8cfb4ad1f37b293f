package io.millrace.node.queue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.journal.EventCodec;
import io.millrace.node.journal.JsonHeads;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.block.Block;
import java.nio.ByteBuffer;
import java.util.Map;

/** A queue's records as bytes: the head as JSON, the body as the blocks stand on the wire. */
public final class QueueEventCodec implements EventCodec {
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static final JsonHeads<QueueEvent> HEADS = new JsonHeads<>(Map.of(
            "queue.appended.v1", QueueEvent.Appended.class,
            "queue.configured.v1", QueueEvent.Configured.class,
            "queue.archived.v1", QueueEvent.Archived.class,
            "queue.purged.v1", QueueEvent.Purged.class,
            "queue.trimmed.v1", QueueEvent.Trimmed.class,
            "queue.subscribed.v1", QueueEvent.Subscribed.class,
            "queue.unsubscribed.v1", QueueEvent.Unsubscribed.class,
            "queue.fenced.v1", QueueEvent.Fenced.class));

    @Override
    public boolean encodes(Object event) {
        return event instanceof QueueEvent;
    }

    @Override
    public EncodedEvent encode(Object event) {
        return new EncodedEvent(
                HEADS.manifest(event),
                HEADS.head(event),
                event instanceof QueueEvent.Appended appended ? Block.toBytes(appended.blocks()) : NO_BODY);
    }

    @Override
    public boolean decodes(String manifest) {
        return HEADS.knows(manifest);
    }

    /** What every head tells, whatever its manifest: how far the queue had come with its record. */
    static HeadPosition position(ByteBuffer head) {
        JsonNode tree = JsonHeads.tree(head);
        return new HeadPosition(
                EventId.parse(tree.path("last").asText()),
                tree.path("ordinal").asLong(),
                tree.path("events").asInt(),
                tree.has("events") ? tree.path("bytes").asLong() : 0);
    }

    /**
     * How far the queue had come.
     *
     * @param last the last id given
     * @param ordinal events ever taken
     * @param events of these, in this record
     * @param bytes stored bytes of these
     */
    record HeadPosition(EventId last, long ordinal, int events, long bytes) {
        /** Events of this record after a position. */
        long eventsAfter(Position position) {
            EventId next = position.firstAfter();
            if (events == 0 || next.isAfter(last)) {
                return 0;
            }
            EventId first = last.plus(1L - events);
            return next.isAfter(first) ? last.minus(next) + 1 : events;
        }
    }

    @Override
    public QueueEvent decode(String manifest, ByteBuffer head) {
        return HEADS.read(manifest, head);
    }
}
