package io.millrace.node.http;

import io.millrace.protocol.Problem;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.ProblemType;
import java.util.List;

/** Ends the work on a request with a problem. Carries no stack trace: it is an answer, not a failure. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static Refusal of(ProblemType type, String detail) {
        return new Refusal(Problem.of(type, detail));
    }

    /** A query parameter or header field at fault. */
    static Refusal field(ProblemType type, String name, String detail) {
        String text = name + ": " + detail;
        return new Refusal(Problem.of(type, text, List.of(new InputError(null, null, text))));
    }

    /** A field of the body at fault. */
    static Refusal pointer(ProblemType type, String pointer, String detail) {
        return new Refusal(Problem.of(type, detail, List.of(new InputError(null, pointer, detail))));
    }

    Problem problem() {
        return problem;
    }
}
