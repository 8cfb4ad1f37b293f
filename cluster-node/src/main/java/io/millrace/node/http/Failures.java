package io.millrace.node.http;

import io.millrace.node.application.StorageAwayException;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.BlockException;
import io.millrace.protocol.event.InvalidEventsException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what was thrown into a problem. Only what nobody foresaw is logged, under the reference that the user is told. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    static final Problem LATE =
            Problem.of(ProblemType.UNAVAILABLE, "no answer came in time; it may be moving to another node");

    private Failures() {}

    static Problem problem(Throwable failure) {
        Problem known = known(failure);
        if (known != null) {
            return known;
        }
        String reference = Long.toHexString(ThreadLocalRandom.current().nextLong());
        LOG.atError()
                .addKeyValue("reference", reference)
                .setCause(unwrap(failure))
                .log("request failed, reference {}", reference);
        return Problem.of(ProblemType.INTERNAL, "the node failed; its log tells more under reference " + reference);
    }

    /** Null for what nobody foresaw. */
    static @Nullable Problem known(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof Refusal refusal) {
            return refusal.problem();
        }
        if (cause instanceof InvalidEventsException invalid) {
            return Problem.of(invalid.type(), String.valueOf(invalid.getMessage()), invalid.errors());
        }
        if (cause instanceof BlockException block) {
            return Problem.of(ProblemType.INVALID_BLOCK, String.valueOf(block.getMessage()));
        }
        if (cause instanceof EntityStreamException) {
            return Problem.of(ProblemType.BAD_REQUEST, "the body ended early, or a chunk of it is malformed");
        }
        if (cause instanceof TimeoutException) {
            return LATE;
        }
        if (cause instanceof StorageAwayException) {
            return Problem.of(ProblemType.UNAVAILABLE, "the storage doesn't answer; try again");
        }
        if (cause instanceof RejectedExecutionException) {
            return Problem.of(ProblemType.TOO_MANY_REQUESTS, "too many large requests are being worked on");
        }
        return null;
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
