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
import java.util.function.Supplier;
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

    private final Supplier<LaterHandler> handlers;
    private final RunRef run;
    private final RunInfo info;
    private final Clock clock;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private volatile CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);
    private volatile LaterHandler handler;
    private volatile boolean ended;

    /** How much was given and isn't through yet. Both guarded by this. */
    private int beingWritten;

    private @Nullable CompletableFuture<Boolean> whenThrough;

    /** @param handlers makes a handler, and another one each time that the run begins anew */
    LaterWork(Supplier<LaterHandler> handlers, RunRef run, RunInfo info, Clock clock) {
        this.handlers = handlers;
        this.handler = handlers.get();
        this.run = run;
        this.info = info;
        this.clock = clock;
    }

    /** What the batch gives, in parts if it isn't done at once. */
    Source<Handled, NotUsed> handle(Batch batch) {
        LaterHandler mine = handler; // what was broken off goes on with none but its own, which refuses
        return batch.events().isEmpty()
                ? Source.empty()
                : Source.unfoldAsync(
                        new Rest(batch, Duration.ZERO, null),
                        rest -> next(mine, rest).exceptionallyCompose(this::behindAllThatIsDone));
    }

    /** A failure that overtook what is being written would take its checkpoint away, and send it again. */
    private <T> CompletionStage<T> behindAllThatIsDone(Throwable failure) {
        CompletableFuture<Boolean> through = new CompletableFuture<>();
        synchronized (this) {
            whenThrough = through;
            if (beingWritten == 0) {
                through.complete(true);
            }
        }
        return through.thenCompose(all -> CompletableFuture.failedStage(failure));
    }

    private synchronized void given() {
        beingWritten++;
    }

    /** What was given is written, and noted for the checkpoint. */
    void through() {
        CompletableFuture<Boolean> last;
        synchronized (this) {
            beingWritten--;
            last = beingWritten == 0 ? whenThrough : null;
        }
        if (last != null) {
            last.complete(true);
        }
    }

    private CompletionStage<Optional<Pair<Rest, Handled>>> next(LaterHandler mine, Rest rest) {
        Batch batch = rest.batch();
        if (rest.failure() != null) {
            return CompletableFuture.failedStage(rest.failure());
        } else if (batch == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        Output output = new Output(run, info, batch.events());
        return call(mine, rest.pause(), batch.events(), output.emitter(batch.events()))
                .thenCompose(outcome -> {
                    int done = outcome.done();
                    Duration again = outcome.again() == null ? Duration.ZERO : outcome.again();
                    Batch left = done == batch.events().size() ? null : batch.from(done);
                    Rest after = new Rest(left, again, outcome.failure());
                    if (done == 0) {
                        return next(mine, after);
                    }
                    Handled handled = Handled.of(batch.upTo(done), output.appends());
                    given();
                    return CompletableFuture.completedStage(Optional.of(Pair.create(after, handled)));
                });
    }

    /** What the one call gives of a run that reads nothing. */
    CompletionStage<Map<QueueName, List<Append>>> produce() {
        return produce(handler, Duration.ZERO);
    }

    private CompletionStage<Map<QueueName, List<Append>>> produce(LaterHandler mine, Duration wait) {
        Production production = new Production(run, info);
        return call(mine, wait, List.of(), production)
                .thenCompose(outcome -> outcome.again() == null
                        ? CompletableFuture.completedStage(production.appends())
                        : produce(mine, outcome.again()));
    }

    private CompletionStage<BatchOutcome> call(LaterHandler mine, Duration wait, List<Event> events, Emitter out) {
        return pause(wait).thenCompose(go -> {
            CompletableFuture<List<EventResult>> call = mine.handle(events, out).toCompletableFuture();
            underWay = call;
            return call.thenApply(results -> BatchOutcome.of(results, events)).exceptionally(LaterWork::noneIsDone);
        });
    }

    private static BatchOutcome noneIsDone(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof AgainException again) {
            return new BatchOutcome(0, again.after(), null);
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

    /** Breaks off what is under way; done when that has ended and batches may be given from an earlier place on. */
    CompletionStage<?> again() {
        handler.cancel();
        return underWay.handle((done, failure) -> {
            synchronized (this) {
                beingWritten = 0;
                whenThrough = null;
            }
            handler = handlers.get();
            if (ended) {
                handler.cancel(); // the end has perhaps seen only the one before
            }
            return true;
        });
    }

    /** Breaks off what is under way, for good. */
    void end() {
        ended = true;
        stop();
        handler.cancel();
    }
}
