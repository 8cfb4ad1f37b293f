package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** The request was surely not done within its deadline: the bus was busy, or could not be reached. */
public final class UnavailableException extends MillraceException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
