package io.millrace.node.bot;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Configured;
import io.millrace.node.application.ETags;
import io.millrace.node.application.Health;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.Replays;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Steering;
import io.millrace.node.application.Ticker;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.run.RunLauncher;
import io.millrace.node.settings.BotSettings;
import io.millrace.node.telemetry.Timers;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.pace.Ramp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** The bots of the cluster: one sharded entity each, asked once for each request. */
public final class ShardedBots implements Bots {
    /** The kind of the directory that bots are listed in. */
    public static final String DIRECTORY = "bot";

    private final BotAsks asks;
    private final Registry registry;
    private final BotLag lag;
    private final LaneViews views;
    private final BotPages pages;
    private final BotExplainer explainer;
    private final BotGroups groups;
    private final ReplayOffice replays;
    private final DeadLetterOffice deadLetters;
    private final RunCalls runs;

    private ShardedBots(
            ActorSystem<?> system,
            BotShards shards,
            BotSettings settings,
            NameDirectory directory,
            Queues queues,
            RunLauncher launcher,
            BotTables tables,
            Health health,
            RunTokens tokens,
            Clock clock,
            Timer checkpoints) {
        this.asks = new BotAsks(shards, directory, settings.askTimeout());
        this.lag = new BotLag(queues, clock);
        this.views = new LaneViews(lag, tables, asks::ask);
        this.pages = new BotPages(
                system,
                (prefix, after, limit) -> directory.page(DIRECTORY, prefix, after, limit),
                tables.bots(),
                name -> info(new BotId(name), BotCommand.Describe::new),
                clock);
        this.explainer = new BotExplainer(
                health,
                asks::isKnown,
                bot -> asks.ask(bot.value(), BotCommand.Explain::new),
                queues,
                launcher::knows,
                clock);
        this.groups = new BotGroups(system, directory, queues, asks::ask);
        this.registry = new Registry(asks, directory, groups, launcher, clock);
        this.deadLetters = new DeadLetterOffice(queues, asks::ask, clock);
        this.runs = new RunCalls(asks, queues, tokens, settings, checkpoints);
        this.replays = new ReplayOffice(queues, asks::askKnown, views::seen, lag, clock);
    }

    /**
     * Starts the sharding of bots on this node.
     *
     * @param names how many bots its meters tell of by name
     */
    public static ShardedBots start(
            ActorSystem<?> system,
            BotSettings settings,
            NameDirectory directory,
            LogOwnership ownership,
            Queues queues,
            TriggerQueues triggers,
            SchedulePlan plan,
            RunLauncher launcher,
            BotTables tables,
            Health health,
            RunTokens tokens,
            Clock clock,
            Ticker ticker,
            MeterRegistry meters,
            int names) {
        BotMetrics metrics = new BotMetrics(meters, names, clock::millis);
        BotRecords records = new StoredRecords(
                new BotLag(queues, clock), tables.bots(), tables.runs(), clock, meters, metrics.lag());
        AtomicReference<@Nullable ShardedBots> self = new AtomicReference<>(); // bots and their letters know each other
        BotShards shards = BotShards.start(
                system,
                settings,
                ownership,
                triggers,
                plan,
                launcher,
                new ReplayQueues(queues),
                bot -> {
                    ShardedBots bots = self.get();
                    if (bots != null) {
                        bots.deadLetters.settle(new BotId(bot));
                    }
                },
                records,
                clock,
                ticker,
                metrics);
        Timer checkpoints = Timers.ofRequests(
                        "millrace.checkpoint", "Moving the checkpoints of a run, asked for by this node")
                .register(meters);
        ShardedBots bots = new ShardedBots(
                system, shards, settings, directory, queues, launcher, tables, health, tokens, clock, checkpoints);
        self.set(bots);
        return bots;
    }

    /** A queue says that events wait for a bot. */
    public void wake(String bot, String queue) {
        asks.tell(bot, new BotCommand.Wake(queue));
    }

    /** A queue says that none do. */
    public void asleep(String bot, String queue) {
        asks.tell(bot, new BotCommand.Asleep(queue));
    }

    /** A queue says that it is paused, and will have the bot look when that is over. */
    public void held(String bot, String queue) {
        asks.tell(bot, new BotCommand.Held(queue));
    }

    /** A queue says that a bot wrote to it for the first time. */
    public void wrote(String bot, String queue) {
        asks.tell(bot, new BotCommand.Wrote(queue));
    }

    /** A queue says that it takes nothing of a bot's runs before an epoch any more. */
    public void fenced(String bot, String queue, long epoch, Map<String, EventId> marks) {
        asks.tell(bot, new BotCommand.Fenced(queue, epoch, marks));
    }

    /** The sweeper asks a bot to look for itself. */
    public void check(String bot) {
        asks.tell(bot, BotCommand.Check.ALL);
    }

    /** A slot of a bot's schedule has come. */
    public void slotCame(String bot) {
        asks.tell(bot, new BotCommand.SlotCame());
    }

    /** The sweeper, or a queue that is paused no more, tells a bot what is the newest event of a queue that triggers it. */
    public void check(String bot, String queue, EventId last) {
        asks.tell(bot, new BotCommand.Check(queue, last));
    }

    @Override
    public CompletionStage<Outcome<Configured<BotInfo>>> register(
            BotId bot, BotConfig config, @Nullable String ifMatch) {
        return registry.register(bot, config, ifMatch)
                .thenCompose(outcome -> outcome instanceof Outcome.Done<BotReply.Info> done
                        ? views.describe(bot.value(), done.value().state())
                                .thenApply(described -> Outcome.done(new Configured<>(
                                        described,
                                        done.value().created(),
                                        ETags.of(done.value().state().version()))))
                        : CompletableFuture.completedStage(
                                new Outcome.Refused<>(((Outcome.Refused<BotReply.Info>) outcome).problem())));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> describe(BotId bot) {
        return change(bot, BotCommand.Describe::new);
    }

    @Override
    public CompletionStage<Outcome<Page.Bots>> list(String prefix, String after, int limit, @Nullable String state) {
        return pages.list(prefix, after, limit, state);
    }

    @Override
    public CompletionStage<Outcome<Explanation>> explain(BotId bot) {
        return explainer.explain(bot).thenApply(Outcome::done);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> archive(BotId bot) {
        return change(bot, BotCommand.Archive::new);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> pause(BotId bot, @Nullable String reason) {
        return change(bot, replyTo -> new BotCommand.Pause(reason, replyTo));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> resume(BotId bot, @Nullable Ramp rate) {
        return change(bot, replyTo -> new BotCommand.Resume(rate, replyTo));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerTagged(
            String tag, Steering steering, String after, int limit) {
        return groups.steerTagged(tag, steering, after, limit);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Changed>> steerReaders(QueueName queue, Steering steering) {
        return groups.steerReaders(queue, steering);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> run(BotId bot) {
        return change(bot, BotCommand.RunNow::new);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> kill(BotId bot) {
        return change(bot, BotCommand.Kill::new);
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> reset(BotId bot, QueueName queue, RunProtocol.Reset reset) {
        return lag.position(queue, reset.position())
                .thenCompose(position -> position instanceof Outcome.Done<Position> found
                        ? move(
                                bot,
                                queue,
                                (from, replyTo) -> new BotCommand.Reset(
                                        queue.value(), found.value(), reset.reason(), reset.by(), from, replyTo))
                        : CompletableFuture.completedStage(
                                new Outcome.Refused<>(((Outcome.Refused<Position>) position).problem())));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> undo(BotId bot, QueueName queue, CheckpointLedger.Undo undo) {
        return move(
                bot,
                queue,
                (from, replyTo) ->
                        new BotCommand.Undo(queue.value(), undo.entry(), undo.reason(), undo.by(), from, replyTo));
    }

    /** Moves a checkpoint; where it was before only its lanes know, if it has some. */
    private CompletionStage<Outcome<BotInfo>> move(
            BotId bot, QueueName queue, BiFunction<@Nullable Position, ActorRef<BotReply>, BotCommand> move) {
        return known(
                bot,
                state -> (state.coordinates()
                                ? views.seen(bot.value(), state)
                                        .thenApply(seen -> (@Nullable Position) seen.position(queue.value()))
                                : CompletableFuture.<@Nullable Position>completedStage(null))
                        .thenCompose(from -> info(bot, replyTo -> move.apply(from, replyTo))));
    }

    @Override
    public Replays replays() {
        return replays;
    }

    @Override
    public CompletionStage<Outcome<CheckpointLedger>> ledger(BotId bot) {
        return known(bot, state -> views.ledger(bot.value(), state).thenApply(Outcome::done));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Summaries>> runs(BotId bot) {
        return known(bot, state -> views.runs(bot.value(), state).thenApply(Outcome::done));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        return ifItMayHaveLetters(bot, () -> deadLetters.redrive(bot, redrive));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        return ifItMayHaveLetters(bot, () -> deadLetters.purge(bot, eid));
    }

    private <T> CompletionStage<Outcome<T>> ifItMayHaveLetters(BotId bot, Supplier<CompletionStage<Outcome<T>>> then) {
        return DeadLetterOffice.nameProblem(bot).isEmpty()
                ? asks.ifKnown(bot, then)
                : CompletableFuture.completedStage(BotAsks.unknown());
    }

    @Override
    public CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        return runs.ask(bot, worker, wait, gone);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run) {
        return runs.heartbeat(run);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> checkpoints) {
        return runs.checkpoint(run, checkpoints);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to) {
        return runs.skipped(run, queue, to);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete) {
        return runs.complete(run, complete);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion) {
        return runs.report(run, suspicion);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> judge(RunRef run, RunProtocol.Suspicion suspicion) {
        return runs.judge(run, suspicion);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        return runs.admit(run, queue);
    }

    private CompletionStage<Outcome<BotInfo>> change(BotId bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return asks.ifKnown(bot, () -> info(bot, command));
    }

    private CompletionStage<Outcome<BotInfo>> info(BotId bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return asks.ask(bot.value(), command)
                .thenCompose(reply -> reply instanceof BotReply.Info info
                        ? views.describe(bot.value(), info.state()).thenApply(Outcome::done)
                        : CompletableFuture.completedStage(BotAsks.refusal(reply)));
    }

    /** Does it with a bot's state, if there is such a bot. */
    private <T> CompletionStage<Outcome<T>> known(BotId bot, Function<BotState, CompletionStage<Outcome<T>>> then) {
        return asks.ifKnown(
                bot,
                () -> asks.ask(bot.value(), BotCommand.Describe::new)
                        .thenCompose(reply -> reply instanceof BotReply.Info info
                                ? then.apply(info.state())
                                : CompletableFuture.completedStage(BotAsks.refusal(reply))));
    }
}
