package io.millrace.protocol.event;

import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that can't be taken: which line, which field, what is wrong. Its texts are ours, never a parser's. */
public final class InvalidEventsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<InputError> errors;

    InvalidEventsException(ProblemType type, String detail, List<InputError> errors) {
        super(detail);
        this.type = type;
        this.errors = errors;
    }

    /** A fault at a line (from 1) or a field, where known. */
    public static InvalidEventsException at(@Nullable Integer line, @Nullable String pointer, String detail) {
        return new InvalidEventsException(
                ProblemType.INVALID_EVENT,
                line == null ? detail : "line " + line + ": " + detail,
                List.of(new InputError(line, pointer, detail)));
    }

    /** A line (from 1), or the whole where null, that is too large. */
    public static InvalidEventsException tooLarge(@Nullable Integer line, String detail) {
        return new InvalidEventsException(
                ProblemType.TOO_LARGE,
                line == null ? detail : "line " + line + ": " + detail,
                List.of(new InputError(line, null, detail)));
    }

    public ProblemType type() {
        return type;
    }

    public List<InputError> errors() {
        return errors;
    }
}
