package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.Emitter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;

/** Calls a handler that answers later. */
final class LaterWork implements Work {
    /** What a wait has to leave of the run's time, ms, for the call behind it. */
    private static final long LEAST_LEFT = 1_000;

    /** The run was told to stop while it waited: it ends with what it has. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** From one beginning of the run up to the next. What is broken off finds out nothing about events any more. */
    private static final class Turn {
        final LaterHandler handler;
        final CompletableFuture<Boolean> broken = new CompletableFuture<>();
        /** The last thing begun, and whether another may be; both guarded by the work. */
        CompletableFuture<?> step = CompletableFuture.completedFuture(null);

        boolean isBroken;

        Turn(LaterHandler handler) {
            this.handler = handler;
        }
    }

    private final Supplier<LaterHandler> handlers;
    private final Scene scene;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private volatile Turn turn;
    private volatile boolean ended;

    /** @param handlers makes a handler, and another one each time that the run begins anew */
    LaterWork(Supplier<LaterHandler> handlers, Scene scene) {
        this.handlers = handlers;
        this.scene = scene;
        this.turn = new Turn(handlers.get());
    }

    @Override
    public Flow<Batch, Passage, NotUsed> flow() {
        Turn mine = turn;
        return Flow.of(Batch.class).flatMapConcat(batch -> passages(mine, batch));
    }

    private Source<Passage, NotUsed> passages(Turn mine, Batch batch) {
        if (batch.events().isEmpty()) {
            return Source.empty();
        }
        Optional<Trial> whole = Optional.of(scene.trials().of(batch));
        // Behind a barrier nothing comes: it ends the stream.
        return Source.unfoldAsync(
                whole, rest -> rest.map(trial -> next(mine, trial)).orElseGet(CompletableFuture::new));
    }

    private CompletionStage<Optional<Pair<Optional<Trial>, Passage>>> next(Turn mine, Trial trial) {
        CompletableFuture<Optional<Passage>> step = new CompletableFuture<>();
        if (!begin(mine, step)) {
            return new CompletableFuture<>(); // the stream has ended
        }
        passage(mine, trial).whenComplete((passage, failure) -> {
            step.complete(failure == null ? passage : Optional.of(new Barrier(RunReport.unwrap(failure))));
        });
        return step.thenApply(next -> next.map(
                passage -> Pair.create(passage instanceof Barrier ? Optional.empty() : Optional.of(trial), passage)));
    }

    private synchronized boolean begin(Turn mine, CompletableFuture<?> step) {
        if (!mine.isBroken) {
            mine.step = step;
        }
        return !mine.isBroken;
    }

    /** What comes next of a batch; nothing at its end. */
    private CompletionStage<Optional<Passage>> passage(Turn mine, Trial trial) {
        Batch part = trial.next();
        return part == null
                ? CompletableFuture.completedStage(trial.barrier())
                : attempt(mine, trial, part, Duration.ZERO);
    }

    private CompletionStage<Optional<Passage>> attempt(Turn mine, Trial trial, Batch part, Duration wait) {
        Output output = new Output(scene.run(), scene.info(), part.events());
        return call(mine, wait, part.events(), output.emitter(part.events()))
                .thenApply(results -> passage(trial, part, results, output))
                .exceptionallyCompose(failure -> failed(mine, trial, part, RunReport.unwrap(failure)));
    }

    private static Optional<Passage> passage(Trial trial, Batch part, List<EventResult> results, Output output) {
        int size = part.events().size();
        if (results.size() != size) {
            throw new IllegalStateException(results.size() + " results for " + size + " events");
        }
        int done = 0;
        while (done < size && results.get(done) instanceof EventResult.Done) {
            done++;
        }
        Map<QueueName, List<Append>> appends = output.appends();
        if (done == size) {
            trial.succeeded();
        } else {
            trial.stopped(done, results.get(done));
        }
        return done == 0 ? trial.barrier() : Optional.of(Handled.of(part.upTo(done), appends));
    }

    private CompletionStage<Optional<Passage>> failed(Turn mine, Trial trial, Batch part, Throwable failure) {
        if (mine.broken.isDone() || isOfTheRun(failure)) {
            return CompletableFuture.failedStage(failure);
        } else if (failure instanceof AgainException again) {
            return attempt(mine, trial, part, again.after());
        }
        trial.failed(failure);
        return passage(mine, trial);
    }

    /** Whether it says nothing about the events. */
    private static boolean isOfTheRun(Throwable failure) {
        return failure instanceof NotTakenException || failure instanceof PauseException || failure instanceof Stopped;
    }

    @Override
    public CompletionStage<Map<QueueName, List<Append>>> produce() {
        return produce(turn, Duration.ZERO);
    }

    private CompletionStage<Map<QueueName, List<Append>>> produce(Turn mine, Duration wait) {
        Production production = new Production(scene.run(), scene.info());
        return call(mine, wait, List.of(), production)
                .thenApply(none -> production.appends())
                .exceptionallyCompose(failure -> RunReport.unwrap(failure) instanceof AgainException again
                        ? produce(mine, again.after())
                        : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<List<EventResult>> call(Turn mine, Duration wait, List<Event> events, Emitter out) {
        return pause(mine, wait).thenCompose(go -> mine.handler.handle(events, out));
    }

    private CompletionStage<?> pause(Turn mine, Duration wait) {
        if (wait.isZero()) {
            return CompletableFuture.completedStage(true);
        }
        Instant until = scene.clock().instant().plus(wait);
        if (until.plusMillis(LEAST_LEFT).isAfter(scene.run().deadline())) {
            return CompletableFuture.failedStage(new NotTakenException(
                    "the handler asks to wait until " + until + ", when the run's time is over", wait));
        }
        CompletableFuture<Boolean> over =
                new CompletableFuture<Boolean>().completeOnTimeout(true, wait.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.anyOf(stopped, mine.broken, over)
                .thenCompose(first ->
                        stopped.isDone() || mine.broken.isDone() ? CompletableFuture.failedStage(new Stopped()) : over);
    }

    @Override
    public CompletionStage<?> again() {
        Turn old = turn;
        breakOff(old);
        return lastOf(old).handle((done, failure) -> {
            Turn next = new Turn(handlers.get());
            turn = next;
            if (ended) {
                breakOff(next); // the end has perhaps seen only the one before
            }
            return true;
        });
    }

    private synchronized CompletableFuture<?> lastOf(Turn old) {
        return old.step;
    }

    private void breakOff(Turn old) {
        synchronized (this) {
            old.isBroken = true;
        }
        old.broken.complete(true);
        old.handler.cancel();
    }

    /** No wait is begun or goes on; a call does. */
    @Override
    public void stop() {
        stopped.complete(true);
    }

    @Override
    public void end() {
        ended = true;
        stop();
        breakOff(turn);
    }

    @Override
    public boolean isBehind(long now) {
        return false;
    }
}
