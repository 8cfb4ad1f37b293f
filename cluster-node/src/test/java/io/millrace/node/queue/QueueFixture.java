package io.millrace.node.queue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.application.SkewedClock;
import io.millrace.node.application.Ticker;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.Codecs;
import io.millrace.node.journal.JournalLimits;
import io.millrace.node.journal.JournalMetrics;
import io.millrace.node.journal.JournalSetup;
import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.Schema;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.node.settings.QueueSettings;
import io.millrace.node.telemetry.Names;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Real queue actors on a real Cassandra, without sharding: a keyspace for a test class, and nodes in it. */
final class QueueFixture implements AutoCloseable {
    static final Duration WAIT = Duration.ofSeconds(30);

    private final CassandraSettings settings;
    private final CqlSession session;

    QueueFixture() {
        TestCassandra cassandra = TestCassandra.shared();
        settings = CassandraSettings.development(
                cassandra.contactPoint(), cassandra.datacenter(), cassandra.newKeyspace());
        session = await(Sessions.open(settings));
        Schema.create(session, settings);
    }

    InetSocketAddress cassandra() {
        return settings.contactPoints().get(0);
    }

    Node node() {
        return new Node(session, false);
    }

    /** A node whose way to the database leads through somewhere else, and that soon gives up waiting. */
    Node through(InetSocketAddress address, Duration timeout) {
        return new Node(
                await(Sessions.open(new CassandraSettings(
                        List.of(address),
                        settings.datacenter(),
                        settings.keyspace(),
                        settings.replication(),
                        timeout,
                        Optional.empty()))),
                true);
    }

    private static String log(String queue) {
        return "queue|" + queue;
    }

    /** @param cql with the keyspace as its only argument */
    void execute(String cql) {
        session.execute(cql.formatted(settings.keyspace()));
    }

    int count(String cql) {
        return session.execute(cql.formatted(settings.keyspace())).all().size();
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("no answer", failed);
        }
    }

    @Override
    public void close() {
        session.execute(SimpleStatement.builder("DROP KEYSPACE IF EXISTS " + settings.keyspace())
                .setExecutionProfileName(Sessions.SCHEMA)
                .build());
        session.close();
    }

    /** As a node has it: the journal, readers, and what queues say to bots. */
    final class Node implements AutoCloseable {
        final AtomicLong read = new AtomicLong();
        final LogReader log;
        final SkewedClock clock = new SkewedClock();
        final TestTicker ticker = new TestTicker();
        final List<String> signals = new CopyOnWriteArrayList<>();
        final List<String> notes = new CopyOnWriteArrayList<>();
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final Names names = new Names(10);
        QueueSettings queues =
                new QueueSettings(32L << 20, 4 << 20, 4 << 20, Duration.ofMinutes(2), Duration.ofSeconds(10));
        Consumer<ActorRef<QueueCommand>> passivation = self -> self.tell(QueueCommand.Stop.STOP);
        Supplier<CompletionStage<Void>> registration = () -> CompletableFuture.completedStage(null);

        LogTruncation truncation;
        final Map<String, Long> plan = new ConcurrentHashMap<>();

        private final JournalSetup journal;
        private final ActorSystem system;
        private final CqlSession own;
        private final boolean closes;

        Node(CqlSession session, boolean closes) {
            this.own = session;
            this.closes = closes;
            JournalMetrics metrics = new JournalMetrics() {
                @Override
                public void read(int records, long bytes, long nanos) {
                    read.addAndGet(records);
                }
            };
            Codecs codecs = new Codecs(List.of(new QueueEventCodec()), List.of(new QueueSnapshotCodec()));
            JournalLimits limits =
                    new JournalLimits(12 << 20, 1 << 20, 1_000, 12 << 20, 32L << 20, 10_000, 64, 10_000, 2);
            journal = JournalSetup.on(session, settings.keyspace(), codecs, limits, metrics);
            truncation = journal::truncate;
            log = new LogReader(session, settings.keyspace(), JournalMetrics.NONE);
            system = ActorSystem.create(
                    "node",
                    ActorSystemSetup.create(
                            journal,
                            BootstrapSetup.create(ConfigFactory.parseString("""
                                            pekko.actor.provider = local
                                            pekko.actor.serialization-bindings {
                                              "io.millrace.node.cluster.Wire" = jackson-cbor
                                            }
                                            pekko.actor.serialize-messages = on
                                            pekko.loglevel = OFF
                                            pekko.stdout-loglevel = OFF
                                            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                                            pekko.jvm-exit-on-fatal-error = off
                                            """)
                                    .withFallback(ConfigFactory.parseResources("millrace-journal.conf"))
                                    .withFallback(ConfigFactory.load()))));
        }

        Queue queue(String name) {
            return new Queue(this, name);
        }

        /** A queue's log without the queue. */
        BareLog bareLog(String name) {
            TestProbe<QueueCommand> front = TestProbe.create(Adapter.toTyped(system));
            BareLog bare = new BareLog(Adapter.spawnAnonymous(system, bare(context(name), front.getRef())), front);
            bare.next();
            return bare;
        }

        private static Behavior<QueueCommand> bare(QueueContext context, ActorRef<QueueCommand> front) {
            return Behaviors.withTimers(timers -> Behaviors.setup(actor -> {
                QueueLog log = new QueueLog(actor, timers, context);
                log.start();
                return Behaviors.receiveMessage(message -> {
                    if (message instanceof QueueCommand.Registered registered) {
                        log.registered(registered.records());
                    } else {
                        front.tell(message);
                    }
                    return Behaviors.same();
                });
            }));
        }

        private QueueContext context(String name) {
            return new QueueContext(
                    new QueueName(name),
                    log(name),
                    queues,
                    clock,
                    ticker,
                    new Signals(signals),
                    new Notes(notes),
                    new QueueMetrics(meters, names),
                    journal::holds,
                    truncation,
                    new OldRecords(log),
                    (queue, due) -> {
                        plan.put(queue, due);
                        return CompletableFuture.completedStage(null);
                    },
                    () -> registration.get(),
                    passivation);
        }

        double count(String meter) {
            return meters.get(meter).counter().count();
        }

        @Override
        public void close() {
            system.terminate();
            await(system.getWhenTerminated());
            if (closes) {
                own.close();
            }
        }
    }

    /** What the queue would hear stands in {@code front}. */
    record BareLog(ActorRef<QueueCommand> ref, TestProbe<QueueCommand> front) {
        void commit(List<QueueEvent> records) {
            ref.tell(new QueueCommand.Registered(records, true));
        }

        QueueState next() {
            QueueCommand heard = front.receiveMessage(WAIT);
            return heard instanceof QueueCommand.Persisted persisted
                    ? persisted.state()
                    : ((QueueCommand.Recovered) heard).state();
        }
    }

    /** One incarnation of a queue. */
    static final class Queue {
        final Node node;
        final String name;
        final ActorRef<QueueCommand> ref;
        final TestProbe<QueueReply> replies;

        Queue(Node node, String name) {
            this.node = node;
            this.name = name;
            replies = TestProbe.create(Adapter.toTyped(node.system));
            ref = Adapter.spawnAnonymous(node.system, QueueActor.create(node.context(name)));
        }

        String log() {
            return QueueFixture.log(name);
        }

        void send(Function<ActorRef<QueueReply>, QueueCommand> command) {
            ref.tell(command.apply(replies.getRef()));
        }

        QueueReply ask(Function<ActorRef<QueueReply>, QueueCommand> command) {
            send(command);
            return reply();
        }

        QueueReply reply() {
            return replies.receiveMessage(WAIT);
        }

        QueueReply append(Append append) {
            return ask(replyTo -> new QueueCommand.AppendEvents(append, replyTo));
        }

        QueueReply read(Cursor cursor, int maxBytes, long wait) {
            return ask(replyTo -> new QueueCommand.Read(cursor, maxBytes, wait, replyTo));
        }

        /** Everything, by window or log, as {@link ShardedQueues} reads it. */
        List<Event> readAll(int maxBytes) {
            QueueReader reader = new QueueReader(node.log);
            List<Event> events = new ArrayList<>();
            Cursor cursor = Cursor.after(Position.BEGINNING);
            while (true) {
                QueueReply reply = read(cursor, maxBytes, 0);
                if (reply instanceof QueueReply.Behind behind) {
                    var step = await(reader.read(log(), cursor, behind.floor(), behind.tail(), maxBytes));
                    step.blocks().forEach(block -> events.addAll(Given.events(block)));
                    cursor = step.next();
                } else if (reply instanceof QueueReply.Read read) {
                    read.blocks().forEach(block -> events.addAll(Given.events(block)));
                    if (read.atTail()) {
                        return events;
                    }
                    cursor = new Cursor(Position.of(read.last()), read.record());
                } else {
                    throw new AssertionError(reply);
                }
            }
        }

        void stop() {
            ref.tell(QueueCommand.Stop.STOP);
            replies.expectTerminated(ref, WAIT);
        }
    }

    /** The real time, and what a test adds to it. */
    static final class TestTicker implements Ticker {
        private final AtomicLong ahead = new AtomicLong();

        void advance(Duration by) {
            ahead.addAndGet(by.toMillis());
        }

        @Override
        public long millis() {
            return SYSTEM.millis() + ahead.get();
        }
    }
}
