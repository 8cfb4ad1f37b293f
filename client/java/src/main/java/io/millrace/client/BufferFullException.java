package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** A bounded buffer of this client is full; nothing was taken. Try again when something was acknowledged. */
public final class BufferFullException extends MillraceException {
    private static final long serialVersionUID = 1L;

    BufferFullException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
