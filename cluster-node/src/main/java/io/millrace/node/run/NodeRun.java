package io.millrace.node.run;

import io.millrace.node.application.Bots;
import io.millrace.node.application.LaneId;
import io.millrace.node.application.Queues;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.lane.LaneFilter;
import io.millrace.protocol.pace.Pace;
import io.millrace.protocol.pace.Ramp;
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
    private final @Nullable Pace pace;
    private final Ends ends = new Ends();
    private final HeldEvents held;
    private final Trials trials;
    private final Work work;
    private final RunReport report;
    private final SharedKillSwitch killSwitch;
    /** Events that were handled well since the bot has last heard of it. */
    private long handledWell;

    /**
     * The event that the bot has given leave to try: nothing else is read before it is through. What another queue holds might
     * end the run, and an attempt that was never made would count.
     */
    private @Nullable Finding trying;

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
        this.held = HeldEvents.of(order.ref(), order.caution().keys());
        this.trials = new Trials(order.caution(), held);
        this.work = maker.apply(new Work.Scene(order.ref(), info(order), trials, ends, clock));
        this.progress = new Progress(order.checkpoints(), clock.millis());
        Ramp rate = order.rate();
        this.pace = rate == null ? null : new Pace(rate, clock.millis());
        this.killSwitch = KillSwitches.shared("run-" + order.ref().run());
    }

    private static RunInfo info(RunOrder order) {
        return new RunInfo(
                order.ref().owner().value(),
                order.ref().run(),
                order.ref().epoch(),
                order.readUntil(),
                order.ref().deadline(),
                order.settings(),
                order.because(),
                order.slot(),
                LaneId.number(order.ref().bot().value()));
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
        boolean wasTrying = trying != null;
        trying = null;
        if (wasTrying && failure == null && !aborted) {
            return again(materializer);
        }
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
        return report.judge(finding, well, progress.take(clock.millis()), held)
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
            case TRY -> {
                trials.permit(finding.event().eid());
                trying = order.triggers().size() > 1 ? finding : null;
            }
            case SKIP -> {
                if (held.letter(finding.event()) != null) {
                    held.hold(finding.event()); // those behind it wait for it again
                }
                pass(finding);
            }
            case DEAD_LETTER -> {
                return effects.append(Map.of(
                                DeadLetter.queue(order.ref().owner()),
                                List.of(DeadLetter.append(
                                        order.ref(), finding.event(), verdict, held.key(finding.event())))))
                        .thenAccept(done -> {
                            held.hold(finding.event());
                            pass(finding);
                        });
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
        Finding alone = trying;
        if (alone != null) {
            return feed(alone.queue())
                    .filter(batch -> !batch.events().isEmpty())
                    .map(batch -> batch.upTo(1))
                    .take(1);
        }
        Source<Batch, NotUsed> all = Source.empty();
        for (String trigger : order.triggers()) {
            Source<Batch, NotUsed> feed = feed(new QueueName(trigger));
            all = all.merge(Batching.of(Pacing.of(feed, pace, linger), order.batch())
                    .mapConcat(batch -> batch.cutAt(ends.of(trigger))));
        }
        return all;
    }

    private Source<Batch, NotUsed> feed(QueueName queue) {
        return new Feed(
                        queues,
                        queue,
                        progress.position(queue),
                        LaneFilter.of(order.lane(), queue.value()),
                        linger,
                        retries,
                        kept -> effects.skipped(queue, kept))
                .source();
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
            QueueName queue = handled.queue();
            isDue |= order.caution()
                    .concerns(queue, progress.position(queue), handled.last().eid());
            progress.done(handled, clock.millis());
            handledWell += handled.well() ? handled.events() : 0;
            linger.done(handled.events());
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
