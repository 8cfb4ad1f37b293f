package io.millrace.protocol.block;

/** A block that can't be read: truncated, corrupt, of another version, or beyond the limits. */
public final class BlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlockException(String message) {
        super(message);
    }
}
