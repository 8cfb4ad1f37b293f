package io.millrace.client;

import io.millrace.protocol.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parent of all that this library throws beside {@link IllegalArgumentException}. */
public abstract class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Problem problem;

    MillraceException(String message, @Nullable Problem problem, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** What the bus answered, if it did. */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }
}
