package io.millrace.node.queue;

import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.journal.EventCodec;
import io.millrace.protocol.block.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a simulation writes records down: with the real codecs, or, since JSON would be most of the work, as numbers of
 * objects that it keeps.
 */
public final class Records {
    private static final String KEPT = "kept";

    private final boolean real;
    private final List<EventCodec> codecs;
    private final List<Object> kept = new ArrayList<>();

    public Records(boolean real, List<EventCodec> codecs) {
        this.real = real;
        this.codecs = codecs;
    }

    public EncodedEvent encode(Object event) {
        if (real) {
            return codecs.stream()
                    .filter(codec -> codec.encodes(event))
                    .findFirst()
                    .orElseThrow()
                    .encode(event);
        }
        kept.add(event);
        ByteBuffer number = ByteBuffer.allocate(4).putInt(0, kept.size() - 1);
        return new EncodedEvent(KEPT, number, number);
    }

    public Object decode(String manifest, ByteBuffer head) {
        return manifest.equals(KEPT)
                ? kept.get(head.getInt(0))
                : codecs.stream()
                        .filter(codec -> codec.decodes(manifest))
                        .findFirst()
                        .orElseThrow()
                        .decode(manifest, head.duplicate());
    }

    /** The events of a record, as a reader gets them. */
    public List<Block> blocks(String manifest, ByteBuffer body) {
        if (!manifest.equals(KEPT)) {
            return Block.readAll(body.duplicate());
        }
        return kept.get(body.getInt(0)) instanceof QueueEvent.Appended appended ? appended.blocks() : List.of();
    }
}
