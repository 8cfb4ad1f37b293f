package io.millrace.node.run;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Queues;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.RunInfo;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a java handler: feeds -> handler -> append -> checkpoint, each step working on the next batch while the one
 * after it is still busy with the last; at the end the run is completed with its outcome.
 */
final class JavaRun implements RunHandle {
    private static final Logger LOG = LoggerFactory.getLogger(JavaRun.class);
    private static final int BATCH_COUNT = 1_000;
    private static final int BATCH_BYTES = 4 << 20;

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
        this.progress = new Progress(order.checkpoints(), clock.millis());
        this.killSwitch = KillSwitches.shared("run-" + order.ref().run());
    }

    private Duration gatherTime() {
        BotConfig.Batch batch = order.batch();
        Duration time = batch == null ? null : batch.time();
        return time == null ? Duration.ZERO : time;
    }

    private int batchCount() {
        BotConfig.Batch batch = order.batch();
        return batch == null || batch.count() == null ? BATCH_COUNT : batch.count();
    }

    private int batchBytes() {
        BotConfig.Batch batch = order.batch();
        return batch == null || batch.bytes() == null ? BATCH_BYTES : batch.bytes();
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
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : unwrap(failure))
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
                .<@Nullable Throwable>handle((done, failure) -> failure == null ? null : unwrap(failure))
                .thenAccept(this::complete);
    }

    private CompletionStage<?> ended(@Nullable Throwable failure, Materializer materializer) {
        Problem.Overlap overlap = failure instanceof RefusedException refused ? refused.overlap() : null;
        if (overlap == null || aborted || ends.contains(overlap)) {
            complete(failure == null && isStuck() ? Windows.stuck() : failure);
            return CompletableFuture.completedStage(true);
        }
        // An earlier run has emitted other batches of the same events: again from the last that is done, cut as it was.
        ends.add(overlap);
        return handling.handle((handled, interrupted) -> true).thenCompose(quiet -> {
            handler = null;
            windows = null;
            linger.again();
            return start(materializer);
        });
    }

    /** A whole run didn't suffice for one window. */
    private boolean isStuck() {
        return windows != null && !progress.hasMoved() && linger.isTimeOver() && windows.isBehind(clock.millis());
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
            all = all.merge(Batching.of(feed, batchCount(), batchBytes(), gatherTime())
                    .mapConcat(batch -> batch.cutAt(ends(trigger))));
        }
        return all;
    }

    private List<EventId> ends(String source) {
        return ends.stream()
                .filter(end -> end.source().equals(source))
                .map(Problem.Overlap::position)
                .toList();
    }

    private CompletionStage<List<Handled>> handle(Batch batch) {
        if (batch.events().isEmpty() && windows == null) {
            return CompletableFuture.completedStage(List.of());
        }
        CompletableFuture<List<Handled>> work = pool.call(() -> {
            if (aborted) {
                throw new IllegalStateException("aborted");
            }
            BotHandler current = handler();
            return windows == null ? List.of(handled(current, batch)) : windows.take(batch);
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

    private Handled handled(BotHandler current, Batch batch) throws Exception {
        Output output = new Output(order.ref(), info, batch.events());
        Thread.currentThread().setContextClassLoader(current.getClass().getClassLoader());
        current.handle(batch.events(), output.emitter(batch.events()));
        return Handled.of(batch, output.appends());
    }

    private CompletionStage<Handled> write(Handled handled) {
        return effects.append(handled.output()).thenApply(done -> handled);
    }

    private CompletionStage<Boolean> checkpoint(Handled handled) {
        progress.done(handled, clock.millis());
        linger.done(handled.events());
        return progress.isDue(clock.millis())
                ? effects.checkpoint(progress.take(clock.millis()))
                : CompletableFuture.completedStage(true);
    }

    private void complete(@Nullable Throwable failure) {
        if (aborted || (failure instanceof RefusedException refused && refused.isStale())) {
            LOG.info("run {} of bot {} was ended from outside", order.ref().run(), info.bot());
            return;
        }
        if (failure != null) {
            LOG.warn("run {} of bot {} failed", order.ref().run(), info.bot(), failure);
        }
        Map<String, Checkpoint> last = new HashMap<>();
        progress.take(clock.millis()).forEach((queue, checkpoint) -> last.put(queue.value(), checkpoint));
        tell(
                failure == null
                        ? new RunProtocol.Complete(RunProtocol.Status.OK, null, last)
                        : new RunProtocol.Complete(RunProtocol.Status.ERROR, describe(failure), last));
    }

    private void tell(RunProtocol.Complete message) {
        effects.complete(message).whenComplete((done, lost) -> {
            Throwable cause = lost == null ? null : unwrap(lost);
            if (cause instanceof RefusedException refused && refused.isStale()) {
                return; // somebody else has ended it, or it was heard the first time
            }
            if (cause instanceof RefusedException refused && !refused.isRetryable() && hasCheckpoints(message)) {
                // The bot has to hear that the run is over, else it waits for it until the deadline.
                tell(new RunProtocol.Complete(RunProtocol.Status.ERROR, describe(refused), null));
            } else if (cause != null) {
                LOG.warn(
                        "the end of run {} of bot {} could not be told",
                        order.ref().run(),
                        info.bot(),
                        cause);
            }
        });
    }

    private static boolean hasCheckpoints(RunProtocol.Complete message) {
        Map<String, Checkpoint> checkpoints = message.checkpoints();
        return checkpoints != null && !checkpoints.isEmpty();
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** What the handler or the bus threw: futures of Java and of Scala put it into boxes. */
    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean boxed = failure instanceof CompletionException || failure instanceof ExecutionException;
        return boxed && cause != null ? unwrap(cause) : failure;
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
