package io.millrace.client.internal;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which answers are worth another attempt. */
final class RetryRule {
    private static final Duration MOST_AFTER = Duration.ofSeconds(30);

    /** The verdict on an answer. */
    enum Verdict {
        FINAL,
        /** The node did nothing: any request may be sent again. */
        NOT_DONE,
        /** The node may have done it: only a repeatable request may be sent again. */
        UNCERTAIN
    }

    private RetryRule() {}

    static Verdict judge(Answer answer) {
        return switch (answer.status()) {
            case 408, 429 -> Verdict.NOT_DONE;
            case 503 -> is(answer, ProblemType.UNKNOWN_OUTCOME) ? Verdict.UNCERTAIN : Verdict.NOT_DONE;
            case 500, 502, 504 -> Verdict.UNCERTAIN;
            case 409 -> is(answer, ProblemType.SEQUENCE_GAP) ? Verdict.NOT_DONE : Verdict.FINAL;
            default -> Verdict.FINAL;
        };
    }

    /** Whether another node might do better: its storage is away, it is about to stop, or a proxy can't reach it. */
    static boolean speaksForTheNode(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    private static boolean is(Answer answer, ProblemType type) {
        Problem problem = answer.problem();
        return problem != null && problem.is(type);
    }

    /** What {@code Retry-After} asks for, in seconds, at most 30; null if nothing. */
    static @Nullable Duration retryAfter(Answer answer) {
        String text = answer.headers().firstValue("Retry-After").orElse("");
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(text.trim()));
            return asked.isNegative() ? null : asked.compareTo(MOST_AFTER) > 0 ? MOST_AFTER : asked;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
