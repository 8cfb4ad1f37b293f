package io.millrace.client.fake;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.List;

final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Problem problem;

    Refusal(ProblemType type, String detail) {
        this(Problem.of(type, detail, List.of()));
    }

    Refusal(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }
}
