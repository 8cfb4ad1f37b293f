package io.millrace.node.bot;

import com.datastax.oss.driver.api.core.CqlSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.Codecs;
import io.millrace.node.journal.JournalLimits;
import io.millrace.node.journal.JournalMetrics;
import io.millrace.node.journal.JournalSetup;
import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.journal.Schema;
import io.millrace.node.journal.TcpProxy;
import io.millrace.node.log.LogOwnership;
import io.millrace.node.run.MemoryQueues;
import io.millrace.node.run.MovableClock;
import io.millrace.node.run.RunHandle;
import io.millrace.node.run.RunLauncher;
import io.millrace.node.run.RunOrder;
import io.millrace.node.settings.BotSettings;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/** Real bot actors on the real journal; the queues and the runs around them only take notes. Messages are serialized. */
final class BotHost implements AutoCloseable {
    static final Duration LOST_AFTER = Duration.ofSeconds(15);

    /** What was told to queues: {@code sleep orders z/}, {@code unsubscribe orders}. */
    final List<String> told = new CopyOnWriteArrayList<>();

    final List<RunOrder> launched = new CopyOnWriteArrayList<>();

    /** What was told to runs: {@code stop 1}, {@code abort 1}, with their epochs. */
    final List<String> runCalls = new CopyOnWriteArrayList<>();

    final List<String> passivated = new CopyOnWriteArrayList<>();

    /** What stopped actors have left for their successors. */
    final List<BotCommand> legacy = new CopyOnWriteArrayList<>();

    /** The time of day, which a test may have jump. */
    final MovableClock clock = new MovableClock(System.currentTimeMillis());

    /** The time that only goes on. */
    final MovableClock ticker = new MovableClock(0);

    /** Between the actors and their storage. */
    final TcpProxy storage;

    final CqlSession session;
    final String keyspace;
    private final JournalSetup journal;
    private final ActorSystem system;
    private final AtomicInteger runIds = new AtomicInteger();

    /** What bots take for the truth about their logs' owners; a test may put a lie in its place. */
    volatile LogOwnership ownership;

    /** Looks at the owners of logs. */
    final AtomicInteger looks = new AtomicInteger();

    /** A node with a keyspace of its own. */
    BotHost() {
        this(TestCassandra.shared().newKeyspace());
    }

    /** Another node of the same cluster. */
    BotHost elsewhere() {
        return new BotHost(keyspace);
    }

    private BotHost(String keyspace) {
        TestCassandra cassandra = TestCassandra.shared();
        this.keyspace = keyspace;
        CassandraSettings settings =
                CassandraSettings.development(cassandra.contactPoint(), cassandra.datacenter(), keyspace);
        try (CqlSession maker = open(settings)) {
            Schema.create(maker, settings);
        }
        storage = new TcpProxy(cassandra.contactPoint());
        session = open(new CassandraSettings(
                List.of(storage.address()),
                cassandra.datacenter(),
                keyspace,
                CassandraSettings.ONE_COPY,
                Duration.ofSeconds(2),
                Optional.empty()));
        journal = JournalSetup.on(
                session,
                keyspace,
                new Codecs(List.of(new BotEventCodec()), List.of(new BotSnapshotCodec())),
                JournalLimits.defaults(),
                JournalMetrics.NONE);
        ownership = journal::holds;
        system = ActorSystem.create(
                "bots", ActorSystemSetup.create(journal, BootstrapSetup.create(BotWireTest.AS_A_NODE)));
    }

    private static CqlSession open(CassandraSettings settings) {
        try {
            return Sessions.open(settings).toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no session", e);
        }
    }

    /** Time goes on. */
    void pass(long millis) {
        clock.plus(millis);
        ticker.plus(millis);
    }

    void forget() {
        told.clear();
        launched.clear();
        runCalls.clear();
        passivated.clear();
        legacy.clear();
        planned.clear();
        noted.clear();
        noteAnswer = null;
        planFailures.set(0);
        ownership = journal::holds;
        looks.set(0);
    }

    /** An incarnation of a bot, with its notes wiped. */
    One start(String name, Duration passivateAfter) {
        return new One(name, passivateAfter);
    }

    One start(String name) {
        return new One(name, Duration.ofMinutes(5));
    }

    TestProbe<BotReply> probe() {
        return TestProbe.create(Adapter.toTyped(system));
    }

    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the actor system doesn't end", e);
        }
        session.close();
        storage.close();
    }

    /** What the plan of schedules was told: {@code put 0 9 * * *}, {@code remove}. */
    final List<String> planned = new CopyOnWriteArrayList<>();

    /** How many times the plan fails. */
    final AtomicInteger planFailures = new AtomicInteger();

    private final SchedulePlan plan = new SchedulePlan() {
        @Override
        public CompletionStage<?> put(ScheduledBot scheduled) {
            return note("put " + scheduled.cron() + " " + scheduled.timeZone());
        }

        @Override
        public CompletionStage<?> remove(String bot) {
            return note("remove");
        }

        private CompletionStage<?> note(String what) {
            if (planFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return CompletableFuture.failedStage(new IllegalStateException("no storage"));
            }
            planned.add(what);
            return CompletableFuture.completedStage(true);
        }
    };

    /** What was noted: {@code row of epoch 1}, {@code runs [1]}. */
    final List<String> noted = new CopyOnWriteArrayList<>();

    /** When set, what all notes come to. */
    volatile @Nullable CompletableFuture<Trend> noteAnswer;

    private final BotRecords records = new BotRecords() {
        @Override
        public CompletionStage<Trend> note(String bot, BotState state, @Nullable Trend known, Tally more) {
            noted.add("row of epoch " + state.epoch());
            CompletableFuture<Trend> scripted = noteAnswer;
            return scripted == null ? CompletableFuture.completedStage(known == null ? Trend.NONE : known) : scripted;
        }

        @Override
        public CompletionStage<?> note(String bot, List<RunProtocol.Summary> runs) {
            noted.add("runs " + runs.stream().map(RunProtocol.Summary::epoch).toList());
            CompletableFuture<Trend> scripted = noteAnswer;
            return scripted == null ? CompletableFuture.completedStage(true) : scripted;
        }
    };

    /** One incarnation. */
    final class One {
        final TestProbe<BotReply> replies = BotHost.this.probe();
        final ActorRef<BotCommand> ref;

        One(String name, Duration passivateAfter) {
            TriggerQueues queues = new TriggerQueues() {
                @Override
                public void sleep(String queue, String bot, Position position) {
                    told.add("sleep " + queue + " " + position);
                }

                @Override
                public void fence(String queue, String bot, long generation, long epoch) {
                    told.add("fence " + queue + " " + epoch);
                }

                @Override
                public void unsubscribe(String queue, String bot) {
                    told.add("unsubscribe " + queue);
                }
            };
            ref = Adapter.spawnAnonymous(
                    system,
                    BotActor.create(new BotContext(
                            new BotId(name),
                            "node",
                            "bot|" + name,
                            log -> {
                                looks.incrementAndGet();
                                return ownership.holds(log);
                            },
                            new BotSettings(
                                    passivateAfter,
                                    Duration.ofSeconds(5),
                                    LOST_AFTER,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(10)),
                            clock,
                            ticker::millis,
                            queues,
                            plan,
                            new Launcher(),
                            new ReplayQueues(new MemoryQueues()),
                            bot -> {},
                            records,
                            () -> "run-" + runIds.incrementAndGet(),
                            new BotMetrics(new SimpleMeterRegistry(), 10, () -> clock.millis()),
                            self -> passivated.add(name),
                            (other, message) -> told.add(other + " " + message),
                            legacy::add)));
        }

        /** For questions of its own. */
        TestProbe<BotReply> probe() {
            return BotHost.this.probe();
        }

        /** Stops it as its shard would. */
        void stop() {
            ref.tell(BotCommand.Stop.STOP);
            replies.expectTerminated(ref, Duration.ofSeconds(20));
        }
    }

    private final class Launcher implements RunLauncher {
        @Override
        public boolean knows(String handlerClass) {
            return true;
        }

        @Override
        public RunHandle launch(RunOrder order) {
            launched.add(order);
            return new RunHandle() {
                @Override
                public void stop() {
                    runCalls.add("stop " + order.ref().epoch());
                }

                @Override
                public void abort() {
                    runCalls.add("abort " + order.ref().epoch());
                }
            };
        }
    }
}
