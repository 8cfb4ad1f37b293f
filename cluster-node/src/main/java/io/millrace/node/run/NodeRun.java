package io.millrace.node.run;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Queues;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * One run on this node: feeds -> handler -> append -> checkpoint, each step working on the next batch while the one after it
 * is still busy with the last; at the end the run is completed with its outcome.
 */
final class NodeRun implements RunHandle {
    /** Batches whose output is on its way at once: one commit then takes several. */
    private static final int WRITES = 4;

    /** Batches that one checkpoint takes at most, where they are written faster than their bot writes checkpoints down. */
    private static final int UNSAVED = 16;

    private final RunOrder order;
    private final Queues queues;
    private final Clock clock;
    private final Linger linger;
    private final Retries retries;
    private final RunEffects effects;
    private final Progress progress;
    private final Ends ends = new Ends();
    private final Trials trials;
    private final Work work;
    private final RunReport report;
    private final SharedKillSwitch killSwitch;
    /** Events that were handled well since the bot has last heard of it. */
    private long handledWell;

    private boolean isOver;
    private volatile boolean aborted;

    /**
     * Reads as the order says.
     *
     * @param maker makes what handles the batches
     * @param patience how long it waits at the tail for more
     * @param clock what the lease is held against
     */
    NodeRun(
            RunOrder order,
            Function<Work.Scene, Work> maker,
            Queues queues,
            Bots bots,
            Duration patience,
            Clock clock) {
        this.order = order;
        this.queues = queues;
        this.clock = clock;
        this.linger = new Linger(clock, order.readUntil(), patience);
        this.retries = new Retries(clock, order.ref().deadline());
        this.effects = new RunEffects(queues, bots, order, retries);
        this.report = new RunReport(order.ref(), effects, clock);
        this.trials = new Trials(order.caution());
        this.work = maker.apply(new Work.Scene(order.ref(), info(order), trials, ends, clock));
        this.progress = new Progress(order.checkpoints(), clock.millis());
        this.killSwitch = KillSwitches.shared("run-" + order.ref().run());
    }

    private static RunInfo info(RunOrder order) {
        return new RunInfo(
                order.ref().bot().value(),
                order.ref().run(),
                order.ref().epoch(),
                order.readUntil(),
                order.ref().deadline(),
                order.settings(),
                order.because(),
                order.slot());
    }

    /** Begins; what is returned is done when nothing more is begun, before the bot has heard of the end. */
    CompletionStage<?> start(Materializer materializer) {
        if (order.triggers().isEmpty()) {
            return produce();
        }
        return batches()
                .via(killSwitch.flow())
                .via(work.flow())
                .mapAsync(WRITES, this::write)
                .batch(UNSAVED, List::of, NodeRun::and)
                .mapAsync(1, this::checkpoint)
                .runWith(Sink.ignore(), materializer)
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : RunReport.unwrap(failure))
                .thenCompose(failure -> ended(failure, materializer));
    }

    /** With nothing to read the handler is called once; what it emits is numbered. */
    private CompletionStage<?> produce() {
        return work.produce()
                .thenCompose(effects::produce)
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : RunReport.unwrap(failure))
                .thenAccept(this::complete);
    }

    private CompletionStage<?> ended(@Nullable Throwable failure, Materializer materializer) {
        if (failure instanceof FoundException found && !aborted) {
            return ask(found.finding(), materializer);
        }
        Problem.Overlap overlap = failure instanceof RefusedException refused ? refused.overlap() : null;
        if (overlap == null || aborted || !ends.add(overlap)) {
            complete(failure == null && isStuck() ? Windows.stuck() : failure);
            return CompletableFuture.completedStage(true);
        }
        // An earlier run has emitted other batches of the same events: again from the last that is done, cut as it was.
        return again(materializer);
    }

    /** Begins anew behind what is done. */
    private CompletionStage<?> again(Materializer materializer) {
        return work.again().thenCompose(quiet -> {
            trials.again();
            linger.again();
            effects.again();
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
        return !progress.hasMoved() && linger.isTimeOver() && work.isBehind(clock.millis());
    }

    private Source<Batch, NotUsed> batches() {
        Source<Batch, NotUsed> all = Source.empty();
        for (String trigger : order.triggers()) {
            QueueName queue = new QueueName(trigger);
            Source<Batch, NotUsed> feed = new Feed(
                            queues,
                            queue,
                            progress.position(queue),
                            linger,
                            retries,
                            kept -> effects.skipped(queue, kept))
                    .source();
            all = all.merge(Batching.of(feed, order.batch()).mapConcat(batch -> batch.cutAt(ends.of(trigger))));
        }
        return all;
    }

    private CompletionStage<Passage> write(Passage passage) {
        return passage instanceof Handled handled
                ? effects.append(handled.output()).thenApply(done -> passage)
                : CompletableFuture.completedStage(passage);
    }

    private static List<Passage> and(List<Passage> before, Passage next) {
        List<Passage> all = new ArrayList<>(before);
        all.add(next);
        return all;
    }

    private CompletionStage<Boolean> checkpoint(List<Passage> written) {
        boolean isDue = false;
        for (Passage passage : written) {
            if (passage instanceof Barrier barrier) {
                return CompletableFuture.failedStage(barrier.why());
            }
            Handled handled = (Handled) passage;
            progress.done(handled, clock.millis());
            handledWell += handled.events();
            linger.done(handled.events());
            isDue |= order.caution().concerns(handled.queue(), handled.last().eid());
        }
        return isDue || progress.isDue(clock.millis())
                ? effects.checkpoint(progress.take(clock.millis()))
                : CompletableFuture.completedStage(true);
    }

    private void complete(@Nullable Throwable outcome) {
        if (aborted) {
            report.endedFromOutside();
        } else {
            Throwable failure = outcome instanceof LaterWork.Stopped ? null : outcome;
            report.complete(failure, progress.take(clock.millis()));
        }
    }

    @Override
    public void stop() {
        linger.stop();
        work.stop();
    }

    @Override
    public void abort() {
        aborted = true;
        retries.close();
        linger.stop();
        work.end();
        killSwitch.abort(new IllegalStateException("aborted"));
    }
}
