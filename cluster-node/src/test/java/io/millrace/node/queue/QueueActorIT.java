package io.millrace.node.queue;

import static io.millrace.node.queue.Given.append;
import static io.millrace.node.queue.Given.block;
import static io.millrace.node.queue.Given.incompressible;
import static io.millrace.node.queue.Given.numbered;
import static io.millrace.node.queue.QueueFixture.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.journal.LogTail;
import io.millrace.node.journal.TcpProxy;
import io.millrace.node.queue.QueueFixture.Node;
import io.millrace.node.queue.QueueFixture.Queue;
import io.millrace.node.settings.QueueSettings;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.QueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queue actors with the real journal on a real Cassandra. */
class QueueActorIT {
    private static QueueFixture fixture;

    private final String name = "q-" + UUID.randomUUID();
    private Node node;

    @BeforeAll
    static void open() {
        fixture = new QueueFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void start() {
        node = fixture.node();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void appendsGatherWhileOneIsUnderWay() {
        Queue queue = node.queue(name);
        for (int i = 0; i < 300; i++) {
            Append one = append("e" + i);
            queue.send(replyTo -> new QueueCommand.AppendEvents(one, replyTo));
        }

        List<EventId> ids = new ArrayList<>();
        IntStream.range(0, 300).forEach(i -> ids.add(taken(queue.reply()).first()));

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(node.count("millrace.stored.events")).isEqualTo(300);
        assertThat(node.count("millrace.commits")).isLessThan(10);
        assertThat(Given.payloads(queue.readAll(1 << 20)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(i -> "e" + i).toList());
    }

    @Test
    void whatIsAnsweredCanBeRead() {
        Queue queue = node.queue(name);
        Cursor cursor = Cursor.after(Position.BEGINNING);
        for (int i = 0; i < 20; i++) {
            AppendResult result = taken(queue.append(append("e" + i)));
            QueueReply.Read read = (QueueReply.Read) queue.read(cursor, 1, 0);
            assertThat(read.last()).isEqualTo(result.last());
            assertThat(read.atTail()).isTrue();
            cursor = new Cursor(Position.of(read.last()), read.record());
        }
        assertThat(((QueueReply.Read) queue.read(cursor, 1, 0)).blocks()).isEmpty();
    }

    @Test
    void readersAtTheTailWaitAndAreServedByTheNextCommitOrWhenTheirTimeIsOver() {
        Queue queue = node.queue(name);
        queue.send(replyTo -> new QueueCommand.Read(Cursor.after(Position.BEGINNING), 1, 60_000, replyTo));
        queue.replies.expectNoMessage(Duration.ofMillis(300));
        queue.ref.tell(new QueueCommand.AppendEvents(append("a"), queue.replies.getRef()));
        List<QueueReply> both = List.of(queue.reply(), queue.reply());
        assertThat(both)
                .hasAtLeastOneElementOfType(QueueReply.Taken.class)
                .anySatisfy(reply -> assertThat(reply)
                        .isInstanceOfSatisfying(
                                QueueReply.Read.class,
                                read -> assertThat(read.blocks()).hasSize(1)));

        Cursor tail = Cursor.after(Position.parse("z/2200"));
        queue.send(replyTo -> new QueueCommand.Read(tail, 1, 40_000, replyTo));
        queue.replies.expectNoMessage(Duration.ofMillis(300));
        node.ticker.advance(Duration.ofSeconds(40));
        assertThat(((QueueReply.Read) queue.reply()).blocks()).isEmpty();
    }

    @Test
    void anEarlyAppendWaitsForItsPredecessorsAndNotForEver() {
        Queue queue = node.queue(name);
        queue.send(replyTo -> new QueueCommand.AppendEvents(numbered("p", 2, "b"), replyTo));
        queue.replies.expectNoMessage(Duration.ofMillis(300));
        taken(queue.append(numbered("p", 1, "a")));
        taken(queue.reply());
        assertThat(Given.payloads(queue.readAll(1))).containsExactly("a", "b");

        queue.send(replyTo -> new QueueCommand.AppendEvents(numbered("p", 4, "d"), replyTo));
        queue.replies.expectNoMessage(Duration.ofMillis(300));
        node.ticker.advance(Duration.ofSeconds(5));
        assertRefused(queue.reply(), ProblemType.SEQUENCE_GAP);

        // An early one is told too when the actor goes.
        queue.send(replyTo -> new QueueCommand.AppendEvents(numbered("p", 4, "d"), replyTo));
        queue.ask(QueueCommand.GetTail::new);
        queue.ref.tell(QueueCommand.Stop.STOP);
        assertRefused(queue.reply(), ProblemType.UNAVAILABLE);
    }

    @Test
    void aFullBacklogRefusesAndWhatItHoldsIsStored() {
        try (var proxy = new TcpProxy(fixture.cassandra());
                Node held = fixture.through(proxy.address(), Duration.ofSeconds(10))) {
            held.queues = new QueueSettings(1 << 20, 64 << 10, 64 << 10, Duration.ofMinutes(2), Duration.ofSeconds(10));
            Queue queue = held.queue(name);
            taken(queue.append(append("first")));
            proxy.holdRequests();
            for (int i = 0; i < 40; i++) {
                Append large = append(block("", incompressible(1, 100_000 + i)));
                queue.send(replyTo -> new QueueCommand.AppendEvents(large, replyTo));
            }
            for (int i = 0; i < 20; i++) {
                assertRefused(queue.reply(), ProblemType.TOO_MANY_REQUESTS);
            }
            proxy.release();

            int stored = 1;
            for (int i = 20; i < 40; i++) {
                stored += queue.reply() instanceof QueueReply.Taken ? 1 : 0;
            }
            assertThat(stored).isBetween(8, 13);
            assertThat(held.count("millrace.queue.refused")).isEqualTo(41 - stored);
            assertThat(queue.readAll(1 << 20)).hasSize(stored);
        }
    }

    @Test
    void anIdleQueueLeavesMemoryAndComesBackWithAllItKnew() {
        node.queues = new QueueSettings(1 << 20, 64 << 10, 64 << 10, Duration.ofMillis(500), Duration.ofSeconds(10));
        Queue queue = node.queue(name);
        AppendResult answer = taken(queue.append(numbered("p", 1, "a")));
        taken(queue.append(Given.output(Given.run("b", 0, 3), Given.child("s", Given.source(7), "out"))));
        queue.ask(replyTo ->
                new QueueCommand.Configure(new QueueConfig("why", null, List.of(), true, null), null, replyTo));
        queue.ask(replyTo -> new QueueCommand.Subscribe("reader", replyTo));
        QueueReply before = queue.ask(QueueCommand.Describe::new);
        queue.replies.expectTerminated(queue.ref, WAIT);

        Queue again = node.queue(name);

        assertThat(again.ask(QueueCommand.Describe::new)).isEqualTo(before);
        assertThat(taken(again.append(numbered("p", 1, "a")))).isEqualTo(answer);
        assertThat(taken(again.append(Given.output(Given.run("b", 0, 4), Given.child("s", Given.source(7), "out"))))
                        .repeated())
                .isEqualTo(1);
        assertRefused(
                again.append(Given.output(Given.run("b", 0, 2), Given.child("s", Given.source(8), "zombie"))),
                ProblemType.STALE_RUN);
        assertThat(Given.payloads(again.readAll(1))).containsExactly("a", "out");
    }

    @Test
    void aLostAnswerIsAnUnknownOutcomeAndTheRepetitionGetsTheFirst() {
        try (var proxy = new TcpProxy(fixture.cassandra());
                Node lossy = fixture.through(proxy.address(), Duration.ofSeconds(1))) {
            Queue queue = lossy.queue(name);
            taken(queue.append(numbered("p", 1, "a")));
            for (boolean requests : new boolean[] {true, false}) {
                long number = requests ? 2 : 3;
                Append append = numbered("p", number, "e" + number);
                if (requests) {
                    proxy.dropRequests();
                } else {
                    proxy.dropResponses();
                }
                assertRefused(queue.append(append), ProblemType.UNKNOWN_OUTCOME);
                assertRefused(queue.append(append), ProblemType.UNAVAILABLE);
                proxy.heal();

                AppendResult answer = takenAtLast(queue, append);
                assertThat(taken(queue.append(append))).isEqualTo(answer);
            }
            assertThat(Given.payloads(queue.readAll(1))).containsExactly("a", "e2", "e3");
        }
    }

    @Test
    void anOwnerThatWasReplacedStopsAtItsNextCommit() {
        try (Node other = fixture.node()) {
            Queue first = node.queue(name);
            taken(first.append(append("a")));
            first.ask(replyTo -> new QueueCommand.Subscribe("b", replyTo));
            node.notes.clear();
            Queue second = other.queue(name);
            taken(second.append(append("b")));

            assertRefused(first.append(append("zombie")), ProblemType.UNKNOWN_OUTCOME);

            first.replies.expectTerminated(first.ref, WAIT);
            assertThat(node.notes).as("it might have been stored").containsExactly("moved b");
            taken(second.append(append("c")));
            assertThat(Given.payloads(second.readAll(1))).containsExactly("a", "b", "c");
        }
    }

    @Test
    void whatHasLeftTheWindowIsReadFromTheLog() {
        node.queues = new QueueSettings(32L << 20, 64 << 10, 64 << 10, Duration.ofMinutes(2), Duration.ofSeconds(10));
        Queue queue = node.queue(name);
        List<EventId> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(taken(queue.append(append(block("", incompressible(1, 20_000 + i)))))
                    .first());
        }

        assertThat(queue.read(Cursor.after(Position.BEGINNING), 1, 0)).isInstanceOf(QueueReply.Behind.class);
        assertThat(queue.readAll(1).stream().map(Event::eid)).isEqualTo(ids);
        assertThat(queue.readAll(100_000).stream().map(Event::eid)).isEqualTo(ids);

        Queue again = restarted(queue);
        assertThat(again.read(Cursor.after(Position.BEGINNING), 1, 0)).isInstanceOf(QueueReply.Behind.class);
        assertThat(again.readAll(1 << 20).stream().map(Event::eid)).isEqualTo(ids);

        QueueReply.Tail tail = (QueueReply.Tail) again.ask(QueueCommand.GetTail::new);
        QueueReader reader = new QueueReader(node.log);
        for (int i = 0; i < 30; i += 7) {
            assertThat(QueueFixture.await(reader.countAfter(again.log(), Position.of(ids.get(i)), tail)))
                    .isEqualTo(29L - i);
        }
        assertThat(QueueFixture.await(reader.countAfter(again.log(), Position.BEGINNING, tail)))
                .isEqualTo(30L);
    }

    @Test
    void aPurgedQueueIsEmptyItsRecordsGoAndItGoesOn() {
        Queue queue = node.queue(name);
        IntStream.range(0, 300).forEach(i -> taken(queue.append(append("e" + i))));
        QueueReply.Info purged = (QueueReply.Info) queue.ask(replyTo -> new QueueCommand.Archive(true, replyTo));
        assertThat(purged.info().events()).isZero();
        assertThat(queue.readAll(1)).isEmpty();
        assertRefused(queue.append(append("late")), ProblemType.QUEUE_ARCHIVED);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> QueueFixture.await(node.log.tail(queue.log()))
                        .map(LogTail::first)
                        .filter(first -> first > 1)
                        .isPresent());

        Queue again = restarted(queue);
        assertThat(again.readAll(1)).isEmpty();
        again.ask(replyTo -> new QueueCommand.Configure(QueueConfig.NONE, null, replyTo));
        taken(again.append(append("new")));
        assertThat(Given.payloads(again.readAll(1))).containsExactly("new");
        assertThat(Given.payloads(restarted(again).readAll(1))).containsExactly("new");
    }

    @Test
    void sleepingBotsAreSubscribedAndWokenWhateverHappens() {
        Queue queue = node.queue(name);
        taken(queue.append(append("a")));
        Position tail = Position.of(((QueueReply.Tail) queue.ask(QueueCommand.GetTail::new)).last());
        queue.ref.tell(new QueueCommand.Sleep("b", tail));
        awaitSignals("asleep b");

        taken(queue.append(append("b")));
        awaitSignals("asleep b", "wake b");

        queue.ref.tell(new QueueCommand.Sleep("b", tail));
        awaitSignals("asleep b", "wake b", "wake b");

        queue.ref.tell(new QueueCommand.Sleep("late", Position.BEGINNING));
        awaitSignals("asleep b", "wake b", "wake b", "wake late");

        node.signals.clear();
        node.notes.clear();
        Queue again = restarted(queue);
        again.ask(QueueCommand.GetTail::new);
        assertThat(node.notes).isEmpty();
        assertThat(node.signals).isEmpty();

        taken(again.append(append("c")));
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(node.signals).containsExactlyInAnyOrder("wake b", "wake late"));
        assertThat(node.notes).containsExactlyInAnyOrder("moved b", "moved late");
    }

    @Test
    void aBotThatAsksBeforeTheQueueHasRecoveredIsAnswered() {
        Queue queue = node.queue(name);
        queue.ref.tell(new QueueCommand.Sleep("b", Position.BEGINNING));
        awaitSignals("asleep b");
    }

    @Test
    void aJumpOfTheClockNeitherEndsNorProlongsWaits() {
        Queue queue = node.queue(name);
        AppendResult before = taken(queue.append(numbered("p", 1, "a")));
        queue.send(replyTo -> new QueueCommand.Read(Cursor.after(Position.of(before.last())), 1, 10_000, replyTo));
        queue.send(replyTo -> new QueueCommand.AppendEvents(numbered("p", 3, "c"), replyTo));
        for (int jump : new int[] {60, -120}) {
            node.clock.advance(Duration.ofSeconds(jump));
            queue.replies.expectNoMessage(Duration.ofMillis(600));
        }

        node.ticker.advance(Duration.ofSeconds(5));
        assertRefused(queue.reply(), ProblemType.SEQUENCE_GAP);
        queue.replies.expectNoMessage(Duration.ofMillis(300));
        node.ticker.advance(Duration.ofSeconds(5));
        assertThat(((QueueReply.Read) queue.reply()).blocks()).isEmpty();
        // Ids go on whatever the clock says.
        assertThat(taken(queue.append(append("b"))).first()).isGreaterThan(before.last());
    }

    @Test
    void aQueueWhoseStorageIsAwayHoldsALimitRefusesTheRestAndAnswersAllInBoundedTime() {
        try (var proxy = new TcpProxy(fixture.cassandra());
                Node cut = fixture.through(proxy.address(), Duration.ofSeconds(2))) {
            cut.queues = new QueueSettings(1 << 20, 64 << 10, 64 << 10, Duration.ofMinutes(2), Duration.ofSeconds(10));
            proxy.holdRequests();
            Queue queue = cut.queue(name);
            for (int i = 0; i < 40; i++) {
                Append large = append(block("", incompressible(1, 100_000 + i)));
                queue.send(replyTo -> new QueueCommand.AppendEvents(large, replyTo));
            }
            // Past its megabyte at once,
            for (int i = 0; i < 25; i++) {
                assertRefused(queue.reply(), ProblemType.TOO_MANY_REQUESTS);
            }
            // the rest when the claim has failed, and from then on at once.
            for (int i = 25; i < 40; i++) {
                assertThat(queue.reply()).isInstanceOf(QueueReply.Refused.class);
            }
            assertRefused(queue.append(append("late")), ProblemType.UNAVAILABLE);
            proxy.heal();
            takenAtLast(queue, append("healed"));
        }
    }

    @Test
    void whatComesWhileAnIdleQueueIsToldToGoIsStored() {
        node.passivation = self -> {};
        Queue queue = node.queue(name);
        taken(queue.append(append("a")));
        queue.ref.tell(QueueCommand.Idle.IDLE);
        for (int i = 0; i < 20; i++) {
            Append late = append("late-" + i);
            queue.send(replyTo -> new QueueCommand.AppendEvents(late, replyTo));
        }
        queue.ref.tell(QueueCommand.Stop.STOP);
        IntStream.range(0, 20).forEach(i -> taken(queue.reply()));
        queue.replies.expectTerminated(queue.ref, WAIT);
        assertThat(node.queue(name).readAll(1)).hasSize(21);
    }

    @Test
    void aQueueThatMovesFinishesItsCommitAndRefusesWhatWaitsSoThatItIsRepeated() {
        Queue queue = node.queue(name);
        taken(queue.append(append("a")));
        for (int i = 0; i < 20; i++) {
            Append late = append("late-" + i);
            queue.send(replyTo -> new QueueCommand.AppendEvents(late, replyTo));
        }
        queue.send(replyTo -> new QueueCommand.Read(Cursor.after(Position.parse("z/2200")), 1, 60_000, replyTo));
        queue.ref.tell(QueueCommand.Stop.STOP);
        int taken = 0;
        for (int i = 0; i < 21; i++) {
            QueueReply reply = queue.reply();
            taken += reply instanceof QueueReply.Taken ? 1 : 0;
            if (reply instanceof QueueReply.Refused) {
                assertRefused(reply, ProblemType.UNAVAILABLE);
            } else if (reply instanceof QueueReply.Read read) {
                assertThat(read.blocks()).isEmpty();
            }
        }
        queue.replies.expectTerminated(queue.ref, WAIT);
        assertThat(taken).isPositive();
        assertThat(node.queue(name).readAll(1)).hasSize(1 + taken);
    }

    @Test
    void aFirstWriterIsTold() {
        Queue queue = node.queue(name);
        taken(queue.append(Given.output(Given.run("b", 0, 1), Given.event("x"))));
        taken(queue.append(Given.output(Given.run("b", 0, 1), Given.event("y"))));
        assertThat(node.signals).containsExactly("wrote b");
    }

    @Test
    void recoveryReplaysABoundedPartHoweverLongTheQueueIs() {
        // given commits as 400 gathered appends leave them, straight to the log
        var persisted = queueLog();
        QueueState state = QueueState.EMPTY;
        int commits = 150;
        for (int i = 0; i < commits; i++) {
            List<Append> appends = IntStream.range(0, 400)
                    .mapToObj(n -> append("payload-" + n))
                    .toList();
            List<QueueEvent> records = AppendDecider.decide(Given.QUEUE, state, appends, node.clock.millis())
                    .records();
            persisted.commit(records);
            state = persisted.next();
        }
        Adapter.toClassic(persisted.ref()).tell(PoisonPill.getInstance(), ActorRef.noSender());
        persisted.front().expectTerminated(persisted.ref(), WAIT);

        // when it recovers
        node.read.set(0);
        Queue queue = node.queue(name);
        QueueReply.Tail tail = (QueueReply.Tail) queue.ask(QueueCommand.GetTail::new);

        // then everything is there, and what was replayed fits the limit
        assertThat(tail.events()).isEqualTo(400L * commits);
        assertThat(node.read.get()).isLessThan(15);
    }

    @Test
    void aNameThatCannotBeRegisteredRefusesAndAStopIsNotLostWithIt() {
        node.registration = () -> CompletableFuture.failedStage(new IllegalStateException("no directory"));
        Queue queue = node.queue(name);
        assertRefused(queue.append(append("a")), ProblemType.UNAVAILABLE);

        CompletableFuture<Void> pending = new CompletableFuture<>();
        node.registration = () -> pending;
        queue.send(replyTo -> new QueueCommand.AppendEvents(append("a"), replyTo));
        queue.replies.expectNoMessage(Duration.ofMillis(200));
        queue.ref.tell(QueueCommand.Stop.STOP);
        assertRefused(queue.ask(QueueCommand.Describe::new), ProblemType.UNAVAILABLE);
        pending.completeExceptionally(new IllegalStateException("no directory"));

        assertRefused(queue.reply(), ProblemType.UNAVAILABLE);
        queue.replies.expectTerminated(queue.ref, WAIT);
    }

    @Test
    void aStopWaitsForTheCommitUnderWay() {
        Queue queue = node.queue(name);
        taken(queue.append(append("a")));
        queue.send(replyTo -> new QueueCommand.AppendEvents(append("b"), replyTo));
        queue.ref.tell(QueueCommand.Stop.STOP);
        taken(queue.reply());
        queue.replies.expectTerminated(queue.ref, WAIT);
        assertThat(Given.payloads(node.queue(name).readAll(1))).containsExactly("a", "b");
    }

    private Queue restarted(Queue queue) {
        queue.stop();
        return queue.node.queue(queue.name);
    }

    private void awaitSignals(String... signals) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(node.signals).containsExactly(signals));
    }

    private static AppendResult takenAtLast(Queue queue, Append append) {
        return taken(Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> queue.append(append), QueueReply.Taken.class::isInstance));
    }

    static AppendResult taken(QueueReply reply) {
        assertThat(reply).isInstanceOf(QueueReply.Taken.class);
        return ((QueueReply.Taken) reply).result();
    }

    private static void assertRefused(QueueReply reply, ProblemType type) {
        assertThat(reply).isInstanceOf(QueueReply.Refused.class);
        assertThat(((QueueReply.Refused) reply).problem().is(type))
                .as("%s", reply)
                .isTrue();
    }

    private QueueFixture.BareLog queueLog() {
        return node.bareLog(name);
    }
}
