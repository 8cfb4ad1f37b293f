package io.millrace.node;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.node.application.Health;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Ticker;
import io.millrace.node.bot.BotEventCodec;
import io.millrace.node.bot.BotSnapshotCodec;
import io.millrace.node.bot.BotTables;
import io.millrace.node.bot.ShardedBots;
import io.millrace.node.cassandra.CassandraPing;
import io.millrace.node.cassandra.ClusterSecret;
import io.millrace.node.cassandra.KeyTable;
import io.millrace.node.cassandra.MemberTable;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.StatementMeters;
import io.millrace.node.cluster.Formation;
import io.millrace.node.cluster.MemberMeters;
import io.millrace.node.cluster.Members;
import io.millrace.node.cluster.MovedQueues;
import io.millrace.node.cluster.NodeHealth;
import io.millrace.node.cluster.RetentionWatch;
import io.millrace.node.cluster.RollSetup;
import io.millrace.node.cluster.ScheduleChanges;
import io.millrace.node.cluster.Sweeper;
import io.millrace.node.cluster.Undelivered;
import io.millrace.node.handlers.JarHandlers;
import io.millrace.node.handlers.StandardHandlers;
import io.millrace.node.http.HttpServer;
import io.millrace.node.http.Listener;
import io.millrace.node.http.OperationsServer;
import io.millrace.node.journal.BotTable;
import io.millrace.node.journal.Codecs;
import io.millrace.node.journal.JournalLimits;
import io.millrace.node.journal.JournalSetup;
import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.RetentionDirectory;
import io.millrace.node.journal.RunTable;
import io.millrace.node.journal.ScheduleDirectory;
import io.millrace.node.journal.Schema;
import io.millrace.node.queue.BotSignals;
import io.millrace.node.queue.QueueEventCodec;
import io.millrace.node.queue.QueueSnapshotCodec;
import io.millrace.node.queue.ShardedQueues;
import io.millrace.node.run.HandlerPool;
import io.millrace.node.run.JavaHandlers;
import io.millrace.node.run.NodeRuns;
import io.millrace.node.security.Security;
import io.millrace.node.settings.HandlerSettings;
import io.millrace.node.settings.HttpSettings;
import io.millrace.node.settings.NodeSettings;
import io.millrace.node.settings.OperationsSettings;
import io.millrace.node.tls.Tls;
import io.millrace.node.webhook.Webhooks;
import io.millrace.protocol.QueueName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/** A running node: the only class that wires. */
public final class Node implements NodeStarter.RunningNode {
    private static final String RUN_TOKENS = "run-tokens";
    private static final int MIB = 1 << 20;

    /** Heads hold what 500 appends leave behind; records of 1 MiB, or of one event of up to 4 MiB; snapshots of 10,000 producers. */
    private static final JournalLimits JOURNAL_LIMITS =
            new JournalLimits(12 * MIB, MIB, 1_000, 12 * MIB, 32L * MIB, 10_000, 64, 10_000, 2);

    private final ActorSystem<Void> system;
    private final Listener binding;

    private Node(ActorSystem<Void> system, Listener binding) {
        this.system = system;
        this.binding = binding;
    }

    /** Starts a node and has it join its cluster; done when it serves. Waits for Cassandra as long as it takes. */
    public static CompletionStage<Node> start(NodeSettings settings, Clock clock) {
        return start(settings, clock, UnaryOperator.identity());
    }

    /** @param signals what comes between queues and bots: tests lose wake-ups with it */
    static CompletionStage<Node> start(NodeSettings settings, Clock clock, UnaryOperator<BotSignals> signals) {
        // Making the schema and preparing statements blocks, for once, on a thread of its own.
        Executor starter = work -> new Thread(work, "millrace-start").start();
        OperationsServer operations;
        try {
            operations = operations(settings);
        } catch (IOException taken) {
            return CompletableFuture.failedStage(taken);
        }
        PrometheusMeterRegistry meters = NodeMeters.registry();
        return Sessions.open(settings.cassandra(), List.of(new StatementMeters(meters)))
                .thenCompose(session ->
                        Schema.ready(session, settings.cassandra(), starter).thenApply(done -> session))
                .thenCompose(session -> ClusterSecret.get(
                                session, settings.cassandra().keyspace(), RUN_TOKENS)
                        .thenComposeAsync(
                                secret -> wire(
                                        settings, session, new RunTokens(secret), clock, signals, operations, meters),
                                starter));
    }

    private static @Nullable OperationsServer operations(NodeSettings settings) throws IOException {
        Optional<OperationsSettings> wanted = settings.operations();
        return wanted.isEmpty() ? null : OperationsServer.start(wanted.get());
    }

    private static CompletionStage<Node> wire(
            NodeSettings settings,
            CqlSession session,
            RunTokens tokens,
            Clock clock,
            UnaryOperator<BotSignals> signals,
            @Nullable OperationsServer operations,
            PrometheusMeterRegistry meters) {
        String keyspace = settings.cassandra().keyspace();
        JournalMeters journalMeters = new JournalMeters(meters);
        Codecs codecs = new Codecs(
                List.of(new QueueEventCodec(), new BotEventCodec()),
                List.of(new QueueSnapshotCodec(), new BotSnapshotCodec()));
        JournalSetup journal = JournalSetup.on(session, keyspace, codecs, JOURNAL_LIMITS, journalMeters);
        MemberTable roll = new MemberTable(session, keyspace, Formation.ROLL_MEMORY);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "millrace",
                ActorSystemSetup.create(journal, new RollSetup(roll), BootstrapSetup.create(settings.pekko())));
        NameDirectory directory = new NameDirectory(session, keyspace);
        Security security = Security.start(settings.security(), new KeyTable(session, keyspace), clock, Ticker.SYSTEM);
        system.getWhenTerminated().thenRun(security::close);

        // Queues wake bots, and bots sleep at queues: each is given its half of the other before either has begun.
        AtomicReference<@Nullable ShardedBots> bots = new AtomicReference<>();
        AtomicReference<@Nullable ScheduleChanges> watch = new AtomicReference<>();
        ScheduleDirectory schedules = new ScheduleDirectory(session, keyspace);
        RetentionDirectory retention = new RetentionDirectory(session, keyspace);
        MovedQueues moved = new MovedQueues(meters);
        ShardedQueues queues = ShardedQueues.start(
                system,
                settings.queue(),
                directory,
                new LogReader(session, keyspace, journalMeters),
                journal::holds,
                journal::truncate,
                retention::put,
                signals.apply(Links.signals(bots)),
                (run, queue) -> Objects.requireNonNull(bots.get()).admit(run, queue),
                moved,
                meters,
                settings.names(),
                clock);
        HandlerPool handlers = new HandlerPool(settings.handler().threads());
        Webhooks webhooks = Webhooks.start(system, settings.webhook(), meters);
        NodeRuns runs = new NodeRuns(
                javaHandlers(settings.handler()),
                webhooks,
                handlers,
                queues,
                () -> Objects.requireNonNull(bots.get()),
                settings.bot().linger(),
                clock,
                Ticker.SYSTEM,
                Materializer.createMaterializer(system),
                !settings.security().open());
        NodeHealth health = new NodeHealth(system, new CassandraPing(session)::answers);
        ShardedBots started = ShardedBots.start(
                system,
                settings.bot(),
                directory,
                journal::holds,
                queues,
                Links.triggers(queues),
                Links.plan(schedules, watch),
                runs,
                new BotTables(new BotTable(session, keyspace), new RunTable(session, keyspace)),
                health,
                tokens,
                clock,
                Ticker.SYSTEM,
                meters,
                settings.names());
        bots.set(started);
        MemberMeters.bind(system, meters);
        JvmGcMetrics collector = new JvmGcMetrics();
        collector.bindTo(meters);
        system.getWhenTerminated().thenRun(collector::close);

        Undelivered.answer(system);
        CompletionStage<?> joining = Formation.join(system, settings.cluster(), roll);
        watch.set(Sweeper.start(
                system,
                moved,
                directory,
                ShardedBots.DIRECTORY,
                started::check,
                (bot, queue, last) -> started.check(bot, queue, last),
                settings.cluster().sweepEvery(),
                schedules,
                started::slotCame,
                RetentionWatch.create(
                        retention::page,
                        queue -> queues.tend(new QueueName(queue)),
                        settings.queue().retentionEvery(),
                        clock),
                clock));
        endTogether(system, session, handlers, webhooks);
        AtomicBoolean open = new AtomicBoolean();
        if (operations != null) {
            operations.watch(system.executionContext(), whileOpen(open::get, health), meters::scrape);
            system.getWhenTerminated().thenRun(operations::close);
        }
        return joining.thenCompose(joins -> HttpServer.start(
                        system,
                        settings.http(),
                        engines(settings.http(), meters),
                        security.access(),
                        security.keys(),
                        security.audit(),
                        queues,
                        started,
                        health,
                        new Members(system),
                        tokens,
                        meters,
                        meters::scrape))
                .thenApply(binding -> {
                    open.set(true);
                    return new Node(system, binding.endWith(system, Duration.ofSeconds(2)));
                });
    }

    /** What supervises a node asks at another port than its clients: theirs must be open before they are sent here. */
    private static Health whileOpen(BooleanSupplier open, Health health) {
        return () -> health.obstacles()
                .thenApply(obstacles -> open.getAsBoolean()
                        ? obstacles
                        : Stream.concat(obstacles.stream(), Stream.of("the API isn't open yet"))
                                .toList());
    }

    private static @Nullable Supplier<SSLEngine> engines(HttpSettings settings, MeterRegistry meters) {
        if (settings.tls().isEmpty()) {
            return null;
        }
        HttpSettings.Tls wanted = settings.tls().get();
        Tls tls = new Tls(wanted.files(), wanted.protocols());
        Gauge.builder(
                        "millrace.http.certificate.expiry",
                        tls,
                        now -> now.expires()
                                .map(until -> (double) until.getEpochSecond())
                                .orElse(Double.NaN))
                .description("When the certificate of the API ends, in seconds since the epoch")
                .baseUnit("seconds")
                .register(meters);
        return tls::server;
    }

    private static JavaHandlers javaHandlers(HandlerSettings settings) {
        JavaHandlers own = JavaHandlers.load().and(StandardHandlers.all(settings.files()));
        Path jars = settings.jars();
        return jars == null ? own : own.and(JarHandlers.load(jars, own::knows));
    }

    /**
     * The session goes last: actors that stop may still have something under way. Handlers go after the bots, which end
     * their runs when they are handed over: a run whose handler was interrupted before that would count as failed.
     */
    private static void endTogether(
            ActorSystem<Void> system, CqlSession session, HandlerPool handlers, Webhooks webhooks) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "handlers", () -> {
            handlers.close();
            webhooks.close();
            return CompletableFuture.completedStage(Done.getInstance());
        });
        shutdown.addTask(
                CoordinatedShutdown.PhaseActorSystemTerminate(),
                "session",
                () -> system.getWhenTerminated()
                        .thenCompose(done -> session.closeAsync())
                        .thenApply(closed -> Done.getInstance()));
    }

    @Override
    public InetSocketAddress httpAddress() {
        return binding.localAddress();
    }

    /** Done when it has ended, for whatever reason. */
    CompletionStage<Done> terminated() {
        return system.getWhenTerminated();
    }

    @Override
    public CompletionStage<Void> stop() {
        return CoordinatedShutdown.get(system)
                .runAll(CoordinatedShutdown.unknownReason())
                .thenAccept(done -> {});
    }
}
