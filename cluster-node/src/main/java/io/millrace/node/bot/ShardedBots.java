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
import io.millrace.node.run.Burial;
import io.millrace.node.run.RunLauncher;
import io.millrace.node.settings.BotSettings;
import io.millrace.node.telemetry.Timers;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** The bots of the cluster: one sharded entity each, asked once for each request. */
public final class ShardedBots implements Bots {
    /** The kind of the directory that bots are listed in. */
    public static final String DIRECTORY = "bot";

    private final BotShards shards;
    private final BotSettings settings;
    private final NameDirectory directory;
    private final RunLauncher launcher;
    private final Grants grants;
    private final BotLag lag;
    private final BotTables tables;
    private final BotPages pages;
    private final BotExplainer explainer;
    private final Clock clock;
    private final BotGroups groups;
    private final ReplayOffice replays;
    private final DeadLetterOffice deadLetters;
    private final Burial burial;
    private final Timer checkpoints;

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
        this.checkpoints = checkpoints;
        this.shards = shards;
        this.settings = settings;
        this.directory = directory;
        this.launcher = launcher;
        this.grants = new Grants(tokens, settings.heartbeatEvery());
        this.lag = new BotLag(queues, clock);
        this.tables = tables;
        this.pages = new BotPages(
                system,
                (prefix, after, limit) -> directory.page(DIRECTORY, prefix, after, limit),
                tables.bots(),
                name -> askForInfo(new BotId(name), BotCommand.Describe::new),
                clock);
        this.explainer = new BotExplainer(
                health,
                name -> directory.contains(DIRECTORY, name),
                bot -> ask(bot, BotCommand.Explain::new),
                queues,
                launcher::knows,
                clock);
        this.clock = clock;
        BotGroups.Ask ask = (bot, request) -> shards.ask(bot, settings.askTimeout(), request);
        this.groups = new BotGroups(system, directory, queues, ask);
        this.deadLetters = new DeadLetterOffice(queues, ask, clock);
        this.burial = new Burial(queues);
        this.replays = new ReplayOffice(queues, this::askKnown, lag, clock);
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
        BotShards shards = BotShards.start(
                system,
                settings,
                ownership,
                triggers,
                plan,
                launcher,
                new ReplayQueues(queues),
                records,
                clock,
                ticker,
                metrics);
        Timer checkpoints = Timers.ofRequests(
                        "millrace.checkpoint", "Moving the checkpoints of a run, asked for by this node")
                .register(meters);
        return new ShardedBots(
                system, shards, settings, directory, queues, launcher, tables, health, tokens, clock, checkpoints);
    }

    /** A queue says that events wait for a bot. */
    public void wake(String bot, String queue) {
        shards.tell(bot, new BotCommand.Wake(queue));
    }

    /** A queue says that none do. */
    public void asleep(String bot, String queue) {
        shards.tell(bot, new BotCommand.Asleep(queue));
    }

    /** A queue says that it is paused, and will have the bot look when that is over. */
    public void held(String bot, String queue) {
        shards.tell(bot, new BotCommand.Held(queue));
    }

    /** A queue says that a bot wrote to it for the first time. */
    public void wrote(String bot, String queue) {
        shards.tell(bot, new BotCommand.Wrote(queue));
    }

    /** A queue says that it takes nothing of a bot's runs before an epoch any more. */
    public void fenced(String bot, String queue, long epoch) {
        shards.tell(bot, new BotCommand.Fenced(queue, epoch));
    }

    /** The sweeper asks a bot to look for itself. */
    public void check(String bot) {
        shards.tell(bot, BotCommand.Check.ALL);
    }

    /** A slot of a bot's schedule has come. */
    public void slotCame(String bot) {
        shards.tell(bot, new BotCommand.SlotCame());
    }

    /** The sweeper, or a queue that is paused no more, tells a bot what is the newest event of a queue that triggers it. */
    public void check(String bot, String queue, EventId last) {
        shards.tell(bot, new BotCommand.Check(queue, last));
    }

    @Override
    public CompletionStage<Outcome<Configured<BotInfo>>> register(
            BotId bot, BotConfig config, @Nullable String ifMatch) {
        var problem = BotRules.check(config, launcher::knows, launcher::check, clock.instant())
                .or(() -> DeadLetterOffice.nameProblem(bot));
        if (problem.isPresent()) {
            return CompletableFuture.completedStage(new Outcome.Refused<>(problem.get()));
        }
        // The name comes first: a bot that the sweeper doesn't find would be worse than a name without a bot.
        return directory
                .add(DIRECTORY, bot.value())
                .thenCompose(added -> groups.list(bot.value(), config.tags()))
                .thenCompose(listed -> ask(bot, replyTo -> new BotCommand.Register(config, ifMatch, replyTo)))
                .thenCompose(reply -> reply instanceof BotReply.Info info
                        ? describe(bot, info.state())
                                .thenApply(described -> Outcome.done(new Configured<>(
                                        described,
                                        info.created(),
                                        ETags.of(info.state().version()))))
                        : CompletableFuture.completedStage(refusal(reply)));
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> describe(BotId bot) {
        return directory
                .contains(DIRECTORY, bot.value())
                .thenCompose(known -> known
                        ? askForInfo(bot, BotCommand.Describe::new)
                        : CompletableFuture.completedStage(
                                Outcome.refused(ProblemType.NOT_FOUND, "there is no such bot")));
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
    public CompletionStage<Outcome<BotInfo>> resume(BotId bot) {
        return change(bot, BotCommand.Resume::new);
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
        return lag.position(queue, reset.position()).thenCompose(position -> {
            if (position instanceof Outcome.Done<io.millrace.protocol.Position> found) {
                return change(
                        bot,
                        replyTo -> new BotCommand.Reset(
                                queue.value(), found.value(), reset.reason(), reset.by(), replyTo));
            }
            return CompletableFuture.completedStage(
                    new Outcome.Refused<>(((Outcome.Refused<io.millrace.protocol.Position>) position).problem()));
        });
    }

    @Override
    public CompletionStage<Outcome<BotInfo>> undo(BotId bot, QueueName queue, CheckpointLedger.Undo undo) {
        return change(
                bot, replyTo -> new BotCommand.Undo(queue.value(), undo.entry(), undo.reason(), undo.by(), replyTo));
    }

    @Override
    public Replays replays() {
        return replays;
    }

    private CompletionStage<BotReply> askKnown(String bot, Function<ActorRef<BotReply>, BotCommand> request) {
        return directory
                .contains(DIRECTORY, bot)
                .thenCompose(known -> known
                        ? shards.ask(bot, settings.askTimeout(), request)
                        : CompletableFuture.completedStage(
                                new BotReply.Refused(Problem.of(ProblemType.NOT_FOUND, "there is no such bot"))));
    }

    @Override
    public CompletionStage<Outcome<CheckpointLedger>> ledger(BotId bot) {
        return ifKnown(
                bot,
                BotCommand.GetMoves::new,
                reply -> reply instanceof BotReply.Moves moves
                        ? Outcome.done(BotView.ledger(moves.moves()))
                        : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> skipped(RunRef run, QueueName queue, EventId to) {
        return ask(run.bot(), replyTo -> new BotCommand.Skip(run.epoch(), run.run(), queue.value(), to, replyTo))
                .thenApply(ShardedBots::done);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Summaries>> runs(BotId bot) {
        return ifKnown(
                        bot,
                        BotCommand.GetRuns::new,
                        reply -> reply instanceof BotReply.Runs runs
                                ? Outcome.done(BotView.summaries(runs.past()))
                                : ShardedBots.<RunProtocol.Summaries>refusal(reply))
                .thenCombine(
                        tables.runs().get(bot.value()),
                        (remembered, noted) -> remembered.map(known -> LastRuns.of(known.runs(), noted)));
    }

    @Override
    public CompletionStage<Outcome<Optional<RunProtocol.Grant>>> ask(
            BotId bot, String worker, Duration wait, CompletionStage<?> gone) {
        return ifKnown(
                bot,
                wait,
                replyTo -> {
                    gone.whenComplete((done, failure) -> shards.tell(bot.value(), new BotCommand.Unask(replyTo)));
                    return new BotCommand.Ask(worker, wait.toMillis(), replyTo);
                },
                reply -> reply instanceof BotReply.Granted granted
                        ? Outcome.done(Optional.of(grants.grant(bot, granted)))
                        : reply instanceof BotReply.Nothing ? Outcome.done(Optional.empty()) : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Heartbeat>> heartbeat(RunRef run) {
        return ask(run.bot(), replyTo -> new BotCommand.Heartbeat(run.epoch(), run.run(), replyTo))
                .thenApply(reply -> reply instanceof BotReply.Alive alive
                        ? Outcome.done(new RunProtocol.Heartbeat(alive.stop(), Instant.ofEpochMilli(alive.deadline())))
                        : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> checkpoint(RunRef run, Map<QueueName, Checkpoint> reached) {
        long began = System.nanoTime();
        return ask(
                        run.bot(),
                        replyTo -> new BotCommand.MoveCheckpoints(run.epoch(), run.run(), byName(reached), replyTo))
                .thenApply(ShardedBots::done)
                .whenComplete((moved, failure) -> checkpoints.record(System.nanoTime() - began, TimeUnit.NANOSECONDS));
    }

    private static Map<String, Checkpoint> byName(Map<QueueName, Checkpoint> checkpoints) {
        return checkpoints.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().value(), Map.Entry::getValue));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> complete(RunRef run, RunProtocol.Complete complete) {
        Map<String, Checkpoint> last = complete.checkpoints() == null ? Map.of() : complete.checkpoints();
        String message = complete.message() == null ? "the run ended in error" : complete.message();
        String error = complete.status() == RunProtocol.Status.OK ? null : message;
        long wait = complete.retryAfter() == null ? 0 : complete.retryAfter().toMillis();
        return ask(run.bot(), replyTo -> new BotCommand.Complete(run.epoch(), run.run(), error, last, wait, replyTo))
                .thenApply(ShardedBots::done);
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> report(RunRef run, RunProtocol.Suspicion suspicion) {
        return judge(run, suspicion)
                .thenCompose(outcome -> outcome instanceof Outcome.Done<RunProtocol.Verdict> done
                                && done.value().action() == RunProtocol.Action.DEAD_LETTER
                        ? burial.bury(run, new QueueName(suspicion.queue()), suspicion.eid(), done.value())
                        : CompletableFuture.completedStage(outcome));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> redrive(BotId bot, DeadLetters.Redrive redrive) {
        return ifItMayHaveLetters(bot, () -> deadLetters.redrive(bot, redrive));
    }

    @Override
    public CompletionStage<Outcome<DeadLetters.Settled>> purge(BotId bot, Optional<EventId> eid) {
        return ifItMayHaveLetters(bot, () -> deadLetters.purge(bot, eid));
    }

    /** Who isn't in the directory isn't brought up for a question. */
    private <T> CompletionStage<Outcome<T>> ifItMayHaveLetters(BotId bot, Supplier<CompletionStage<Outcome<T>>> then) {
        return directory
                .contains(DIRECTORY, bot.value())
                .thenCompose(known -> known && DeadLetterOffice.nameProblem(bot).isEmpty()
                        ? then.get()
                        : CompletableFuture.completedStage(
                                Outcome.refused(ProblemType.NOT_FOUND, "there is no such bot")));
    }

    @Override
    public CompletionStage<Outcome<RunProtocol.Verdict>> judge(RunRef run, RunProtocol.Suspicion suspicion) {
        return ask(run.bot(), replyTo -> BotCommand.Judge.of(run, suspicion, replyTo))
                .thenApply(reply ->
                        reply instanceof BotReply.Judged judged ? Outcome.done(judged.verdict()) : refusal(reply));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue) {
        return ask(run.bot(), replyTo -> new BotCommand.Admit(run.epoch(), run.run(), queue.value(), replyTo))
                .thenApply(ShardedBots::done)
                .exceptionally(late -> Outcome.refused(ProblemType.UNAVAILABLE, "the bot didn't answer in time"));
    }

    private static Outcome<Boolean> done(BotReply reply) {
        return reply instanceof BotReply.Done ? Outcome.done(true) : refusal(reply);
    }

    private CompletionStage<Outcome<BotInfo>> change(BotId bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return directory
                .contains(DIRECTORY, bot.value())
                .thenCompose(known -> known
                        ? askForInfo(bot, command)
                        : CompletableFuture.completedStage(
                                Outcome.refused(ProblemType.NOT_FOUND, "there is no such bot")));
    }

    private CompletionStage<Outcome<BotInfo>> askForInfo(BotId bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return ask(bot, command)
                .thenCompose(reply -> reply instanceof BotReply.Info info
                        ? describe(bot, info.state()).thenApply(Outcome::done)
                        : CompletableFuture.completedStage(refusal(reply)));
    }

    /** What was noted of its past is a few seconds old; without it the rest is told all the same. */
    private CompletionStage<BotInfo> describe(BotId bot, BotState state) {
        return tables.bots()
                .get(bot.value())
                .exceptionally(failure -> Optional.empty())
                .thenCompose(row -> lag.describe(
                        bot.value(),
                        state,
                        row.flatMap(BotRow::parse).map(BotRow::trend).orElse(null)));
    }

    private <T> CompletionStage<Outcome<T>> ifKnown(
            BotId bot, Function<ActorRef<BotReply>, BotCommand> command, Function<BotReply, Outcome<T>> result) {
        return ifKnown(bot, Duration.ZERO, command, result);
    }

    private <T> CompletionStage<Outcome<T>> ifKnown(
            BotId bot,
            Duration wait,
            Function<ActorRef<BotReply>, BotCommand> command,
            Function<BotReply, Outcome<T>> result) {
        return directory
                .contains(DIRECTORY, bot.value())
                .thenCompose(known -> known
                        ? ask(bot, wait, command).thenApply(result)
                        : CompletableFuture.completedStage(
                                Outcome.refused(ProblemType.NOT_FOUND, "there is no such bot")));
    }

    private CompletionStage<BotReply> ask(BotId bot, Function<ActorRef<BotReply>, BotCommand> command) {
        return ask(bot, Duration.ZERO, command);
    }

    private CompletionStage<BotReply> ask(BotId bot, Duration wait, Function<ActorRef<BotReply>, BotCommand> command) {
        return shards.ask(bot.value(), settings.askTimeout().plus(wait), command);
    }

    private static <T> Outcome<T> refusal(BotReply reply) {
        if (reply instanceof BotReply.Refused refused) {
            return new Outcome.Refused<>(refused.problem());
        }
        throw new AssertionError("not an answer to this: " + reply);
    }
}
