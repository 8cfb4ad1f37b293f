package io.millrace.node.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All that the journal can encode: the first codec that says yes is taken.
 *
 * @param events of all actors of the node
 * @param snapshots of all actors of the node
 */
public record Codecs(List<EventCodec> events, List<SnapshotCodec> snapshots) {
    public Codecs {
        events = List.copyOf(events);
        snapshots = List.copyOf(snapshots);
    }

    EncodedEvent encode(Object event) {
        return pick(events, codec -> codec.encodes(event), () -> "event of " + event.getClass())
                .encode(event);
    }

    Object decode(String manifest, ByteBuffer head) {
        return pick(events, codec -> codec.decodes(manifest), () -> "event manifest '" + manifest + "'")
                .decode(manifest, head);
    }

    EncodedSnapshot encodeSnapshot(Object state) {
        return pick(snapshots, codec -> codec.encodes(state), () -> "state of " + state.getClass())
                .encode(state);
    }

    Object decodeSnapshot(String manifest, ByteBuffer bytes) {
        return pick(snapshots, codec -> codec.decodes(manifest), () -> "snapshot manifest '" + manifest + "'")
                .decode(manifest, bytes);
    }

    private static <C> C pick(List<C> codecs, Predicate<C> fits, Supplier<String> what) {
        for (C codec : codecs) {
            if (fits.test(codec)) {
                return codec;
            }
        }
        throw new IllegalArgumentException("no codec for " + what.get());
    }
}
