package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** The run has ended or was replaced by another; what was asked for it was not done. */
public final class StaleRunException extends MillraceException {
    private static final long serialVersionUID = 1L;

    StaleRunException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
