package io.millrace.node.journal;

import java.nio.ByteBuffer;

/**
 * An event as it goes into a log.
 *
 * @param manifest logical name and version, as {@code queue.appended.v1}; never a class name
 * @param head all that the state of the actor is made of; recovery reads nothing else
 * @param body what only readers want; may be empty
 */
public record EncodedEvent(String manifest, ByteBuffer head, ByteBuffer body) {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** An event that has no body. */
    public EncodedEvent(String manifest, ByteBuffer head) {
        this(manifest, head, EMPTY);
    }

    /** {@return bytes of head and body} */
    public int bytes() {
        return head.remaining() + body.remaining();
    }
}
