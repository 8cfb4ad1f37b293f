package io.millrace.node.application;

import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import java.util.List;
import java.util.function.Function;

/**
 * What came of a request: a value, or a refusal. Failures that nobody foresaw fail the stage instead.
 *
 * @param <T> the value's type
 */
public sealed interface Outcome<T> {
    /** It was done. */
    record Done<T>(T value) implements Outcome<T> {}

    /** It was refused, and nothing was changed (but where the problem is {@link ProblemType#UNKNOWN_OUTCOME}). */
    record Refused<T>(Problem problem) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(ProblemType type, String detail) {
        return new Refused<>(Problem.of(type, detail));
    }

    /** A refusal that points at a field of the request's body. */
    static <T> Outcome<T> refusedAt(String pointer, String detail) {
        return new Refused<>(
                Problem.of(ProblemType.UNPROCESSABLE, detail, List.of(new InputError(null, pointer, detail))));
    }

    /** The same outcome with its value changed. */
    default <R> Outcome<R> map(Function<T, R> change) {
        if (this instanceof Done<T> done) {
            return new Done<>(change.apply(done.value()));
        }
        return new Refused<>(((Refused<T>) this).problem());
    }
}
