package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Queues;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * One run of a java handler: feeds -> handler -> append -> checkpoint, each step working on the next batch while the one
 * after it is still busy with the last; at the end the run is completed with its outcome.
 */
final class JavaRun implements RunHandle {
    private final RunOrder order;
    private final Supplier<BotHandler> handlers;
    private final HandlerPool pool;
    private final Queues queues;
    private final Clock clock;
    private final Linger linger;
    private final RunInfo info;
    private final Retries retries;
    private final RunEffects effects;
    private final Progress progress;
    private final SharedKillSwitch killSwitch;
    private volatile CompletableFuture<?> handling = CompletableFuture.completedFuture(null);
    /** Where batches must end, as receiving queues have told. */
    private final List<Problem.Overlap> ends = new CopyOnWriteArrayList<>();

    private final Trials trials;
    private final RunReport report;
    /** Events that were handled well since the bot has last heard of it. */
    private long handledWell;

    private boolean isOver;
    private volatile boolean aborted;
    private @Nullable BotHandler handler;
    private @Nullable Windows windows;

    JavaRun(
            RunOrder order,
            Supplier<BotHandler> handlers,
            HandlerPool pool,
            Queues queues,
            Bots bots,
            Duration patience,
            Clock clock) {
        this.order = order;
        this.handlers = handlers;
        this.pool = pool;
        this.queues = queues;
        this.clock = clock;
        this.linger = new Linger(clock, order.readUntil(), patience);
        this.info = new RunInfo(
                order.ref().bot().value(),
                order.ref().run(),
                order.ref().epoch(),
                order.readUntil(),
                order.ref().deadline(),
                JavaHandlers.settings(order.handler()),
                order.because(),
                order.slot());
        this.retries = new Retries(clock, order.ref().deadline());
        this.effects = new RunEffects(queues, bots, order.ref(), retries);
        this.report = new RunReport(order.ref(), effects);
        this.trials = new Trials(order.caution());
        this.progress = new Progress(order.checkpoints(), clock.millis());
        this.killSwitch = KillSwitches.shared("run-" + order.ref().run());
    }

    /** Begins; what is returned is done when nothing more is begun, before the bot has heard of the end. */
    CompletionStage<?> start(Materializer materializer) {
        if (order.triggers().isEmpty()) {
            return produce();
        }
        return batches()
                .via(killSwitch.flow())
                .mapAsync(1, this::handle)
                .mapConcat(handled -> handled)
                .mapAsync(1, this::write)
                .mapAsync(1, this::checkpoint)
                .runWith(Sink.ignore(), materializer)
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : RunReport.unwrap(failure))
                .thenCompose(failure -> ended(failure, materializer));
    }

    /** With nothing to read the handler is called once; what it emits is numbered. */
    private CompletionStage<?> produce() {
        CompletableFuture<Map<QueueName, List<Append>>> work = pool.call(() -> {
            if (aborted) {
                throw new IllegalStateException("aborted");
            }
            Production production = new Production(order.ref(), info);
            handlers.get().handle(List.of(), production);
            return production.appends();
        });
        handling = work;
        if (aborted) {
            work.cancel(true); // the abort has perhaps seen no work before
        }
        return work.thenCompose(effects::append)
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : RunReport.unwrap(failure))
                .thenAccept(this::complete);
    }

    private CompletionStage<?> ended(@Nullable Throwable failure, Materializer materializer) {
        Finding finding = failure instanceof FoundException ? trials.found() : null;
        if (finding != null && !aborted) {
            return ask(finding, materializer);
        }
        Problem.Overlap overlap = failure instanceof RefusedException refused ? refused.overlap() : null;
        if (overlap == null || aborted || ends.contains(overlap)) {
            complete(failure == null && isStuck() ? Windows.stuck() : failure);
            return CompletableFuture.completedStage(true);
        }
        // An earlier run has emitted other batches of the same events: again from the last that is done, cut as it was.
        ends.add(overlap);
        trials.again();
        return again(materializer);
    }

    /** Begins anew behind what is done. */
    private CompletionStage<?> again(Materializer materializer) {
        return handling.handle((handled, interrupted) -> true).thenCompose(quiet -> {
            handler = null;
            windows = null;
            linger.again();
            return start(materializer);
        });
    }

    /** An event can't be passed without asking; all before it is done. */
    private CompletionStage<?> ask(Finding finding, Materializer materializer) {
        long well = handledWell;
        handledWell = 0;
        return report.judge(finding, well, progress.take(clock.millis()))
                .thenCompose(verdict -> dispose(finding, verdict))
                .<@Nullable Throwable>handle((goesOn, lost) -> lost == null ? null : RunReport.unwrap(lost))
                .thenCompose(lost -> goOn(lost, materializer));
    }

    private CompletionStage<?> goOn(@Nullable Throwable lost, Materializer materializer) {
        if (lost == null && !isOver) {
            return again(materializer);
        } else if (lost != null) {
            complete(lost);
        }
        return CompletableFuture.completedStage(true);
    }

    private CompletionStage<?> dispose(Finding finding, RunProtocol.Verdict verdict) {
        switch (verdict.action()) {
            case TRY -> trials.permit(finding.event().eid());
            case SKIP -> pass(finding);
            case DEAD_LETTER -> {
                return effects.append(Map.of(
                                DeadLetter.queue(order.ref().bot()),
                                List.of(DeadLetter.append(order.ref(), finding.event(), verdict))))
                        .thenAccept(done -> pass(finding));
            }
            case RETRY, STOP -> isOver = true; // the bot has ended it
        }
        return CompletableFuture.completedStage(true);
    }

    private void pass(Finding finding) {
        progress.done(new Handled(finding.queue(), finding.event(), 1, finding.takenAt(), Map.of()), clock.millis());
        trials.passed(finding.queue().value());
    }

    /** A whole run didn't suffice for one window. */
    private boolean isStuck() {
        return windows != null && !progress.hasMoved() && linger.isTimeOver() && windows.isBehind(clock.millis());
    }

    private Source<Batch, NotUsed> batches() {
        Source<Batch, NotUsed> all = Source.empty();
        for (String trigger : order.triggers()) {
            QueueName queue = new QueueName(trigger);
            Source<Batch, NotUsed> feed = new Feed(queues, queue, progress.position(queue), linger, retries).source();
            all = all.merge(Batching.of(feed, order.batch()).mapConcat(batch -> batch.cutAt(ends(trigger))));
        }
        return all;
    }

    private List<EventId> ends(String source) {
        return ends.stream()
                .filter(end -> end.source().equals(source))
                .map(Problem.Overlap::position)
                .toList();
    }

    /** What came of a batch; nothing in the last place where it can't be passed. */
    private CompletionStage<List<Optional<Handled>>> handle(Batch batch) {
        if (batch.events().isEmpty() && windows == null) {
            return CompletableFuture.completedStage(List.of());
        }
        CompletableFuture<List<Optional<Handled>>> work = pool.call(() -> {
            if (aborted) {
                throw new IllegalStateException("aborted");
            }
            handler();
            return windows == null
                    ? trials.take(batch, this::handled)
                    : windows.take(batch).stream().map(Optional::of).toList();
        });
        handling = work;
        if (aborted) {
            work.cancel(true); // the abort has perhaps seen the work before
        }
        return work;
    }

    private BotHandler handler() {
        BotHandler current = handler;
        if (current == null) {
            current = handlers.get();
            handler = current;
            windows = current instanceof WindowHandler windowed
                    ? new Windows(windowed, order.ref(), info, queue -> ends(queue.value()))
                    : null;
        }
        return current;
    }

    private Handled handled(Batch batch) throws Exception {
        if (aborted) {
            throw new InterruptedException("aborted");
        }
        BotHandler current = handler();
        handler = null; // one that throws is not to be used any more
        Output output = new Output(order.ref(), info, batch.events());
        Thread.currentThread().setContextClassLoader(current.getClass().getClassLoader());
        current.handle(batch.events(), output.emitter(batch.events()));
        Handled handled = Handled.of(batch, output.appends());
        handler = current;
        return handled;
    }

    private CompletionStage<Optional<Handled>> write(Optional<Handled> handled) {
        return handled.isEmpty()
                ? CompletableFuture.completedStage(handled)
                : effects.append(handled.get().output()).thenApply(done -> handled);
    }

    private CompletionStage<Boolean> checkpoint(Optional<Handled> through) {
        if (through.isEmpty()) {
            return CompletableFuture.failedStage(new FoundException());
        }
        Handled handled = through.get();
        progress.done(handled, clock.millis());
        handledWell += handled.events();
        linger.done(handled.events());
        boolean concerns =
                order.caution().concerns(handled.queue(), handled.last().eid());
        return concerns || progress.isDue(clock.millis())
                ? effects.checkpoint(progress.take(clock.millis()))
                : CompletableFuture.completedStage(true);
    }

    private void complete(@Nullable Throwable failure) {
        if (aborted) {
            report.endedFromOutside();
        } else {
            report.complete(failure, progress.take(clock.millis()));
        }
    }

    @Override
    public void stop() {
        linger.stop();
    }

    @Override
    public void abort() {
        aborted = true;
        retries.close();
        linger.stop();
        handling.cancel(true);
        killSwitch.abort(new IllegalStateException("aborted"));
    }
}
