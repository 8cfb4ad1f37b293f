package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** No answer within the deadline: the request may have been done or not. */
public final class UnknownOutcomeException extends MillraceException {
    private static final long serialVersionUID = 1L;

    UnknownOutcomeException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
