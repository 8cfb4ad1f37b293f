package io.millrace.client;

import io.millrace.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** A loader gave up on a batch: that batch and all later ones of its queue were not taken, or their outcome is unknown. The cause tells why. */
public final class LoadFailedException extends MillraceException {
    private static final long serialVersionUID = 1L;

    LoadFailedException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, problem, cause);
    }
}
