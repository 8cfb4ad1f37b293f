package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** The bus refuses the request and would refuse it again; it did nothing. */
public final class RejectedException extends MillraceException {
    private static final long serialVersionUID = 1L;

    RejectedException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
