package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RunInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Gives batches to a handler that answers later: in order, one at a time, and what isn't done of one again before the next. */
final class LaterWork {
    /** What a wait has to leave of the run's time, ms, for the call behind it. */
    private static final long LEAST_LEFT = 1_000;

    /** The run was told to stop while it waited: it ends with what it has. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What is left of a batch, and what has to come first. */
    private record Rest(
            @Nullable Batch batch, Duration pause, @Nullable RuntimeException failure) {}

    private final LaterHandler handler;
    private final RunRef run;
    private final RunInfo info;
    private final Clock clock;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private volatile CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);

    LaterWork(LaterHandler handler, RunRef run, RunInfo info, Clock clock) {
        this.handler = handler;
        this.run = run;
        this.info = info;
        this.clock = clock;
    }

    /** What the batch gives, in parts if it isn't done at once. */
    Source<Handled, NotUsed> handle(Batch batch) {
        return batch.events().isEmpty()
                ? Source.empty()
                : Source.unfoldAsync(new Rest(batch, Duration.ZERO, null), this::next);
    }

    private CompletionStage<Optional<Pair<Rest, Handled>>> next(Rest rest) {
        Batch batch = rest.batch();
        if (rest.failure() != null) {
            return CompletableFuture.failedStage(rest.failure());
        } else if (batch == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        Output output = new Output(run, info, batch.events());
        return call(rest.pause(), batch.events(), output.emitter(batch.events()))
                .thenCompose(verdict -> {
                    int done = verdict.done();
                    Duration again = verdict.again() == null ? Duration.ZERO : verdict.again();
                    Batch left = done == batch.events().size() ? null : batch.from(done);
                    Rest after = new Rest(left, again, verdict.failure());
                    return done == 0
                            ? next(after)
                            : CompletableFuture.completedStage(
                                    Optional.of(Pair.create(after, Handled.of(batch.upTo(done), output.appends()))));
                });
    }

    /** What the one call gives of a run that reads nothing. */
    CompletionStage<Map<QueueName, List<Append>>> produce() {
        return produce(Duration.ZERO);
    }

    private CompletionStage<Map<QueueName, List<Append>>> produce(Duration wait) {
        Production production = new Production(run, info);
        return call(wait, List.of(), production)
                .thenCompose(verdict -> verdict.again() == null
                        ? CompletableFuture.completedStage(production.appends())
                        : produce(verdict.again()));
    }

    private CompletionStage<Verdict> call(Duration wait, List<Event> events, Emitter out) {
        return pause(wait).thenCompose(go -> {
            CompletableFuture<List<EventResult>> call =
                    handler.handle(events, out).toCompletableFuture();
            underWay = call;
            return call.thenApply(Verdict::of).exceptionally(LaterWork::again);
        });
    }

    private static Verdict again(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof AgainException again) {
            return new Verdict(0, again.after(), null);
        }
        throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
    }

    private CompletionStage<Boolean> pause(Duration wait) {
        if (stopped.isDone() && !wait.isZero()) {
            return CompletableFuture.failedStage(new Stopped());
        } else if (wait.isZero()) {
            return CompletableFuture.completedStage(true);
        }
        Instant until = clock.instant().plus(wait);
        if (until.plusMillis(LEAST_LEFT).isAfter(run.deadline())) {
            return CompletableFuture.failedStage(new IllegalStateException(
                    "the handler asks to wait until " + until + ", when the run's time is over"));
        }
        Executor later = CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Boolean> over = CompletableFuture.supplyAsync(() -> true, later);
        return stopped.applyToEither(over, first -> first).thenCompose(go -> {
            return over.isDone() ? over : CompletableFuture.failedStage(new Stopped());
        });
    }

    /** No wait is begun or goes on; a call does. */
    void stop() {
        stopped.complete(false);
    }

    /** Breaks off what is under way; done when it has ended. */
    CompletionStage<?> cancel() {
        handler.cancel();
        return underWay.handle((done, failure) -> true);
    }
}
