package io.millrace.node.journal;

import java.nio.ByteBuffer;

/** Turns some kinds of events into bytes and back. Pure, safe for many threads. */
public interface EventCodec {
    /** {@return whether {@link #encode} takes this event} */
    boolean encodes(Object event);

    /** Throws {@link RuntimeException} when the event can't be encoded: the actor is told that it was rejected. */
    EncodedEvent encode(Object event);

    /** {@return whether {@link #decode} knows this manifest; every manifest ever written stays known} */
    boolean decodes(String manifest);

    /**
     * The event again.
     *
     * @param head as {@link #encode} made it; never the body
     * @throws RuntimeException when the bytes are no such event: recovery stops there
     */
    Object decode(String manifest, ByteBuffer head);
}
