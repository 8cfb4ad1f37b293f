package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** The client, loader or reader was closed. */
public final class ClosedException extends MillraceException {
    private static final long serialVersionUID = 1L;

    ClosedException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
