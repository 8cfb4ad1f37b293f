package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** There is no such queue, bot or thing; the bus did nothing. */
public final class NotFoundException extends MillraceException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
