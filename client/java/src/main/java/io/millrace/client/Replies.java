package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.client.internal.Futures;
import io.millrace.client.internal.TransportException;
import io.millrace.client.internal.Wire;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns answers into results or named exceptions, and waits for them where the caller blocks. */
final class Replies {
    private Replies() {}

    /** The body as {@code type}, or the exception that the answer stands for. */
    static <T> CompletableFuture<T> as(CompletableFuture<Answer> answer, Class<T> type) {
        return map(answer, ok -> body(ok, type));
    }

    static <T> T body(Answer answer, Class<T> type) {
        try {
            return Wire.read(answer.body(), type);
        } catch (IllegalArgumentException e) {
            throw new UnknownOutcomeException("the node's answer can't be read", null, e);
        }
    }

    static <T extends @Nullable Object> CompletableFuture<T> map(
            CompletableFuture<Answer> sent, Function<Answer, T> result) {
        CompletableFuture<T> mapped = sent.handle((answer, failure) -> {
            if (failure != null) {
                throw of(failure);
            }
            if (!answer.isOk()) {
                throw of(answer);
            }
            return result.apply(answer);
        });
        // Who gives up on the result gives up on the request.
        Futures.onDone(mapped, (value, failure) -> {
            if (mapped.isCancelled()) {
                sent.cancel(true);
            }
        });
        return mapped;
    }

    static MillraceException of(Answer answer) {
        Problem problem = answer.problem();
        String message = problem == null ? "the node answered with status " + answer.status() : problem.detail();
        if (problem != null && problem.is(ProblemType.STALE_RUN)) {
            return new StaleRunException(message, problem, null);
        }
        return switch (answer.status()) {
            case 404 -> new NotFoundException(message, problem, null);
            case 408, 429, 500, 502, 503, 504 ->
                answer.uncertain()
                        ? new UnknownOutcomeException(message, problem, null)
                        : new UnavailableException(message, problem, null);
            default ->
                problem != null && problem.is(ProblemType.SEQUENCE_GAP)
                        ? answer.uncertain()
                                ? new UnknownOutcomeException(message, problem, null)
                                : new UnavailableException(message, problem, null)
                        : new RejectedException(message, problem, null);
        };
    }

    static MillraceException of(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof MillraceException known) {
            return known;
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof TransportException transport) {
            return switch (transport.effect()) {
                case NONE -> new UnavailableException(message, null, cause);
                case UNKNOWN -> new UnknownOutcomeException(message, null, cause);
                case CLOSED -> new ClosedException(message, null, cause);
            };
        }
        return new UnknownOutcomeException(message, null, cause);
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Waits for a stage that its own deadline ends. */
    static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            if (unwrap(e) instanceof Error error) {
                throw error;
            }
            throw of(e);
        }
    }

    /** As {@link #await}, where not to be found is an answer. */
    static <T> Optional<T> optional(CompletionStage<T> stage) {
        try {
            return Optional.of(await(stage));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    static InterruptedCallException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new InterruptedCallException("interrupted while waiting", null, e);
    }
}
