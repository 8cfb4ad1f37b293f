package io.millrace.node.journal;

import java.nio.ByteBuffer;

/** Turns the state of some kinds of actors into bytes and back. Pure, safe for many threads. */
public interface SnapshotCodec {
    /** {@return whether {@link #encode} takes this state} */
    boolean encodes(Object state);

    /** Throws {@link RuntimeException} when the state can't be encoded: the snapshot isn't saved, the actor goes on. */
    EncodedSnapshot encode(Object state);

    /** {@return whether {@link #decode} knows this manifest; an unknown one means that an older snapshot is tried} */
    boolean decodes(String manifest);

    /** Throws {@link RuntimeException} when the bytes are no such state: an older snapshot is tried. */
    Object decode(String manifest, ByteBuffer bytes);
}
