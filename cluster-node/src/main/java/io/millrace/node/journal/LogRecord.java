package io.millrace.node.journal;

import java.nio.ByteBuffer;

/**
 * A committed record of a log.
 *
 * @param seq its place in the log, from 1 without a gap
 * @param epoch of the owner that committed it
 * @param body empty where only heads were asked for
 */
public record LogRecord(long seq, long epoch, String manifest, ByteBuffer head, ByteBuffer body) {
    /** {@return bytes of head and body} */
    public int bytes() {
        return head.remaining() + body.remaining();
    }
}
