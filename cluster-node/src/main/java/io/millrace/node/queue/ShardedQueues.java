package io.millrace.node.queue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Append;
import io.millrace.node.application.Configured;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.ETags;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.Ticker;
import io.millrace.node.cluster.Moves;
import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.TruncatedLogException;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.settings.QueueSettings;
import io.millrace.node.telemetry.Names;
import io.millrace.protocol.BotId;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The queues of the cluster: one sharded entity each, asked once for each request. */
public final class ShardedQueues implements Queues {
    /** How many descriptions a page asks for at a time. */
    private static final int PAGE_PARALLELISM = 16;

    private static final int KNOWN_NAMES = 100_000;

    private static final String DIRECTORY = "queue";
    private static final EntityTypeKey<QueueCommand> TYPE = EntityTypeKey.create(QueueCommand.class, "queue");

    private final ActorSystem<?> system;
    private final ClusterSharding sharding;
    private final QueueSettings settings;
    private final NameDirectory directory;
    private final QueueReader reader;
    private final ReadMetrics reads;
    private final Cache<QueueName, Boolean> known =
            Caffeine.newBuilder().maximumSize(KNOWN_NAMES).build();

    private final Admission admission;
    private final Cache<Writing, Boolean> admitted =
            Caffeine.newBuilder().maximumSize(KNOWN_NAMES).build();

    private record Writing(BotId bot, QueueName queue) {}

    private ShardedQueues(
            ActorSystem<?> system,
            ClusterSharding sharding,
            QueueSettings settings,
            NameDirectory directory,
            LogReader log,
            Admission admission,
            ReadMetrics reads) {
        this.reads = reads;
        this.system = system;
        this.sharding = sharding;
        this.settings = settings;
        this.directory = directory;
        this.reader = new QueueReader(log);
        this.admission = admission;
    }

    /**
     * Starts the sharding of queues on this node.
     *
     * @param names how many queues its meters tell of by name
     */
    public static ShardedQueues start(
            ActorSystem<?> system,
            QueueSettings settings,
            NameDirectory directory,
            LogReader log,
            LogOwnership ownership,
            LogTruncation truncation,
            RetentionPlan plan,
            BotSignals bots,
            Admission admission,
            Moves moves,
            MeterRegistry meters,
            int names,
            Clock clock) {
        ClusterSharding sharding = ClusterSharding.get(system);
        QueueMetrics metrics = new QueueMetrics(meters, new Names(names));
        OldRecords old = new OldRecords(log);
        sharding.init(Entity.of(
                        TYPE,
                        entity -> QueueActor.create(new QueueContext(
                                new QueueName(entity.getEntityId()),
                                log(entity.getEntityId()),
                                settings,
                                clock,
                                Ticker.SYSTEM,
                                bots,
                                moves,
                                metrics,
                                ownership,
                                truncation,
                                old,
                                plan,
                                () -> directory.add(DIRECTORY, entity.getEntityId()),
                                self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self)))))
                .withStopMessage(QueueCommand.Stop.STOP));
        return new ShardedQueues(system, sharding, settings, directory, log, admission, new ReadMetrics(meters));
    }

    private static String log(String queue) {
        return "queue|" + queue;
    }

    @Override
    public CompletionStage<Outcome<AppendResult>> append(QueueName queue, Append append) {
        RunRef run = append.run();
        return run == null
                ? take(queue, append)
                : admit(run, queue)
                        .thenCompose(admitted -> admitted instanceof Outcome.Refused<Boolean> refused
                                ? CompletableFuture.completedStage(new Outcome.Refused<>(refused.problem()))
                                : take(queue, append));
    }

    /** What a bot has once been admitted to it stays admitted to: from then on the queue itself knows which runs are over. */
    private CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        Writing writing = new Writing(run.bot(), queue);
        return admitted.getIfPresent(writing) != null
                ? CompletableFuture.completedStage(Outcome.done(true))
                : admission.admit(run, queue).thenApply(outcome -> {
                    if (outcome instanceof Outcome.Done<Boolean>) {
                        admitted.put(writing, true);
                    }
                    return outcome;
                });
    }

    private CompletionStage<Outcome<AppendResult>> take(QueueName queue, Append append) {
        return ask(queue, Duration.ZERO, replyTo -> new QueueCommand.AppendEvents(append, replyTo))
                .<Outcome<AppendResult>>thenApply(reply ->
                        reply instanceof QueueReply.Taken taken ? Outcome.done(taken.result()) : refusal(reply))
                .exceptionally(late -> Outcome.refused(
                        ProblemType.UNKNOWN_OUTCOME,
                        "the queue didn't answer in time; repeat it with the same sequence"));
    }

    @Override
    public CompletionStage<Outcome<ReadStep>> read(QueueName queue, Cursor cursor, int maxBytes, Duration wait) {
        // A reader that doesn't wait must not bring a queue into being.
        return wait.isZero()
                ? known(queue)
                        .thenCompose(known -> known
                                ? readKnown(queue, cursor, maxBytes, wait)
                                : CompletableFuture.completedStage(Outcome.done(new ReadStep(List.of(), cursor, true))))
                : readKnown(queue, cursor, maxBytes, wait);
    }

    private CompletionStage<Outcome<ReadStep>> readKnown(QueueName queue, Cursor cursor, int maxBytes, Duration wait) {
        return ask(queue, wait, replyTo -> new QueueCommand.Read(cursor, maxBytes, wait.toMillis(), replyTo))
                .thenCompose(reply -> {
                    if (reply instanceof QueueReply.Read read) {
                        EventId last = read.last();
                        reads.fromTail(read.blocks());
                        Position after = last == null ? cursor.after() : Position.of(last);
                        return CompletableFuture.completedStage(Outcome.done(
                                new ReadStep(read.blocks(), new Cursor(after, read.record()), read.atTail())));
                    } else if (reply instanceof QueueReply.Behind behind) {
                        return reader.read(log(queue.value()), cursor, behind.floor(), behind.tail(), maxBytes)
                                .<Outcome<ReadStep>>thenApply(step -> {
                                    reads.fromLog(step.blocks());
                                    return Outcome.done(step.skippingTo(behind.skippedTo()));
                                })
                                .exceptionallyCompose(
                                        failure -> overtaken(queue, cursor, maxBytes, wait, behind.floor(), failure));
                    }
                    return CompletableFuture.completedStage(refusal(reply));
                });
    }

    /** Retention may have come in between: the queue knows its new floor, which rises with each such turn. */
    private CompletionStage<Outcome<ReadStep>> overtaken(
            QueueName queue, Cursor cursor, int maxBytes, Duration wait, long floor, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TruncatedLogException truncated && truncated.first() > floor + 1
                ? readKnown(queue, cursor, maxBytes, wait)
                : CompletableFuture.failedStage(failure);
    }

    @Override
    public CompletionStage<Outcome<Optional<EventId>>> tail(QueueName queue) {
        return askTail(queue).thenApply(outcome -> outcome.map(tail -> Optional.ofNullable(tail.last())));
    }

    @Override
    public CompletionStage<Outcome<Long>> countAfter(QueueName queue, Position position) {
        return askTail(queue).thenCompose(outcome -> {
            if (!(outcome instanceof Outcome.Done<QueueReply.Tail> done)) {
                return CompletableFuture.completedStage(outcome.map(tail -> 0L));
            }
            QueueReply.Tail tail = done.value();
            EventId last = tail.last();
            if (last == null || !position.isBefore(last)) {
                return CompletableFuture.completedStage(Outcome.done(0L));
            }
            return reader.countAfter(log(queue.value()), position, tail).thenApply(Outcome::done);
        });
    }

    private CompletionStage<Outcome<QueueReply.Tail>> askTail(QueueName queue) {
        return ifKnown(
                queue,
                () -> Outcome.done(new QueueReply.Tail(null, 0, 0, 0, 0)),
                QueueCommand.GetTail::new,
                reply -> reply instanceof QueueReply.Tail tail ? Outcome.done(tail) : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> describe(QueueName queue) {
        return ifKnown(
                queue,
                () -> Outcome.refused(ProblemType.NOT_FOUND, "there is no such queue"),
                QueueCommand.Describe::new,
                reply -> reply instanceof QueueReply.Info info ? Outcome.done(info.info()) : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<Configured<QueueInfo>>> configure(
            QueueName queue, QueueConfig config, @Nullable String ifMatch) {
        return ask(queue, Duration.ZERO, replyTo -> new QueueCommand.Configure(config, ifMatch, replyTo))
                .thenApply(reply -> reply instanceof QueueReply.Info info
                        ? Outcome.done(new Configured<>(info.info(), info.created(), ETags.of(info.version())))
                        : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<Page.Queues>> list(String prefix, String after, int limit) {
        return directory
                .page(DIRECTORY, prefix, after, limit)
                .thenCompose(names -> describeAll(names.names())
                        .thenApply(found -> Outcome.done(new Page.Queues(
                                found,
                                names.more() ? names.names().get(names.names().size() - 1) : null))));
    }

    private CompletionStage<List<QueueInfo>> describeAll(List<String> names) {
        return Source.from(names)
                .mapAsync(PAGE_PARALLELISM, name -> describe(new QueueName(name)))
                .filter(outcome -> outcome instanceof Outcome.Done<QueueInfo> done
                        && !done.value().archived())
                .map(outcome -> ((Outcome.Done<QueueInfo>) outcome).value())
                .runWith(Sink.seq(), system);
    }

    @Override
    public CompletionStage<Outcome<QueueInfo>> archive(QueueName queue, boolean purge) {
        return ifKnown(
                queue,
                () -> Outcome.refused(ProblemType.NOT_FOUND, "there is no such queue"),
                replyTo -> new QueueCommand.Archive(purge, replyTo),
                reply -> reply instanceof QueueReply.Info info ? Outcome.done(info.info()) : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<ProducerInfo>> producer(QueueName queue, ProducerId producer) {
        return ifKnown(
                queue,
                () -> Outcome.refused(ProblemType.NOT_FOUND, "the queue doesn't know the producer"),
                replyTo -> new QueueCommand.GetProducer(producer.value(), replyTo),
                reply -> reply instanceof QueueReply.ProducerFound found ? Outcome.done(found.info()) : refusal(reply));
    }

    /** Tells a queue that a bot found nothing after a position; the queue wakes it when something comes. */
    public void sleep(QueueName queue, String bot, Position position) {
        sharding.entityRefFor(TYPE, queue.value()).tell(new QueueCommand.Sleep(bot, position));
    }

    /** Has a queue at rest look whether its retention lets events go. */
    public void tend(QueueName queue) {
        sharding.entityRefFor(TYPE, queue.value()).tell(new QueueCommand.Tend());
    }

    /** Tells a queue that a bot's runs before an epoch are over. */
    public void fence(QueueName queue, String bot, long generation, long epoch) {
        sharding.entityRefFor(TYPE, queue.value())
                .tell(new QueueCommand.Fence(bot, generation, epoch, system.ignoreRef()));
    }

    /** Tells a queue that a bot is no longer to be woken. */
    public void unsubscribe(QueueName queue, String bot) {
        sharding.entityRefFor(TYPE, queue.value()).tell(new QueueCommand.Unsubscribe(bot, system.ignoreRef()));
    }

    private <T> CompletionStage<Outcome<T>> ifKnown(
            QueueName queue,
            Supplier<Outcome<T>> otherwise,
            Function<ActorRef<QueueReply>, QueueCommand> command,
            Function<QueueReply, Outcome<T>> result) {
        return known(queue)
                .thenCompose(known -> known
                        ? ask(queue, Duration.ZERO, command).thenApply(result)
                        : CompletableFuture.completedStage(otherwise.get()));
    }

    /** A name that is in the directory stays there, so only absent ones are looked up again. */
    private CompletionStage<Boolean> known(QueueName queue) {
        return known.getIfPresent(queue) != null
                ? CompletableFuture.completedStage(true)
                : directory.contains(DIRECTORY, queue.value()).thenApply(found -> {
                    if (found) {
                        known.put(queue, true);
                    }
                    return found;
                });
    }

    private CompletionStage<QueueReply> ask(
            QueueName queue, Duration wait, Function<ActorRef<QueueReply>, QueueCommand> command) {
        return sharding.entityRefFor(TYPE, queue.value())
                .ask(command::apply, settings.askTimeout().plus(wait));
    }

    private static <T> Outcome<T> refusal(QueueReply reply) {
        if (reply instanceof QueueReply.Refused refused) {
            return new Outcome.Refused<>(refused.problem());
        }
        throw new AssertionError("not an answer to this: " + reply);
    }
}
