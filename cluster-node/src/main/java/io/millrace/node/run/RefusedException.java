package io.millrace.node.run;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/** A step of a run that was refused. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    RefusedException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** The run was replaced or its time is over: it has to vanish without a trace. */
    boolean isStale() {
        return problem.is(ProblemType.STALE_RUN);
    }

    /** Where a batch must end, if that is what was wrong. */
    Problem.@Nullable Overlap overlap() {
        return problem.overlap();
    }

    boolean isRetryable() {
        return problem.retryable();
    }
}
