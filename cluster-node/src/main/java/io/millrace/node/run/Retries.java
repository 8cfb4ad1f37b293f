package io.millrace.node.run;

import io.millrace.node.application.Outcome;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Repeats what was refused but may succeed later, or got no answer, with growing pauses, while the run's lease stands and
 * nobody has closed it. Everything that a run does may be repeated: reads and checkpoints by nature, appends because the
 * queue's mark drops what it has (design D5).
 */
final class Retries {
    private static final long FIRST_PAUSE = 20;
    private static final long LAST_PAUSE = 1_000;

    private final Clock clock;
    private final long deadline;
    private volatile boolean closed;

    Retries(Clock clock, Instant deadline) {
        this.clock = clock;
        this.deadline = deadline.toEpochMilli();
    }

    /** From now on nothing is begun or repeated. */
    void close() {
        closed = true;
    }

    /** Does a step until it is done; the stage fails with a {@link RefusedException} where it can't be. */
    <T> CompletionStage<T> repeat(Supplier<CompletionStage<Outcome<T>>> step) {
        return repeat(step, FIRST_PAUSE);
    }

    private <T> CompletionStage<T> repeat(Supplier<CompletionStage<Outcome<T>>> step, long pause) {
        if (closed) {
            return CompletableFuture.failedStage(
                    new RefusedException(Problem.of(ProblemType.STALE_RUN, "the run was ended from outside")));
        }
        return step.get().exceptionally(Retries::noAnswer).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<T> done) {
                return CompletableFuture.completedStage(done.value());
            }
            RefusedException refused = new RefusedException(((Outcome.Refused<T>) outcome).problem());
            if (!refused.isRetryable() || clock.millis() + pause >= deadline) {
                return CompletableFuture.failedStage(refused);
            }
            return CompletableFuture.supplyAsync(
                            () -> true, CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS))
                    .thenCompose(now -> repeat(step, Math.min(LAST_PAUSE, pause * 2)));
        });
    }

    private static <T> Outcome<T> noAnswer(Throwable failure) {
        Throwable cause = failure.getCause();
        Throwable root = failure instanceof CompletionException && cause != null ? cause : failure;
        if (root instanceof TimeoutException) {
            return Outcome.refused(ProblemType.UNAVAILABLE, "the owner gave no answer in time");
        }
        throw new CompletionException(root);
    }
}
