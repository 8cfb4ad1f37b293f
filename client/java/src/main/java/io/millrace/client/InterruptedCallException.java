package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. The call goes on unattended. */
public final class InterruptedCallException extends MillraceException {
    private static final long serialVersionUID = 1L;

    InterruptedCallException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
