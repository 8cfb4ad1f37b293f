package io.millrace.node.queue;

import static io.millrace.node.queue.Given.append;
import static io.millrace.node.queue.Given.child;
import static io.millrace.node.queue.Given.event;
import static io.millrace.node.queue.Given.numbered;
import static io.millrace.node.queue.Given.output;
import static io.millrace.node.queue.Given.run;
import static io.millrace.node.queue.Given.source;
import static io.millrace.node.queue.QueueFixture.WAIT;
import static io.millrace.node.queue.QueueFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Cursor;
import io.millrace.node.journal.LogTail;
import io.millrace.node.queue.QueueFixture.Node;
import io.millrace.node.queue.QueueFixture.Queue;
import io.millrace.node.settings.QueueSettings;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues let go of what they need not keep: whole buckets of 256 records, the first of which has one less. */
class RetentionIT {
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
        node = quick();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static Node quick() {
        Node started = fixture.node();
        started.queues = new QueueSettings(
                32L << 20, 4 << 20, 4 << 20, Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofMillis(100));
        return started;
    }

    @Test
    void whatIsTooOldGoesInWholeBucketsAndTheRestStays() {
        Queue queue = node.queue(name);
        List<EventId> ids = fill(queue, 600);

        node.clock.advance(RetentionRule.DEFAULT_AGE.plusMinutes(1));

        awaitFloor(queue, 511);
        QueueInfo info = info(queue);
        assertThat(info.events()).isEqualTo(600 - 511);
        assertThat(info.first()).isEqualTo(ids.get(511));
        assertThat(info.last()).isEqualTo(ids.get(599));
        assertThat(Given.payloads(queue.readAll(1 << 20)))
                .containsExactlyElementsOf(
                        IntStream.range(511, 600).mapToObj(i -> "e" + i).toList());
        assertThat(info.bytes()).isPositive();
        Awaitility.await().atMost(WAIT).until(() -> !tail(queue).hasLeftovers());
    }

    @Test
    void whatIsTooMuchGoesButNeverMoreThanThat() {
        Queue queue = node.queue(name);
        fill(queue, 600);
        long all = info(queue).bytes();
        long two = all * 344 / 600; // the second bucket and what follows it have to stay
        queue.ask(replyTo -> new QueueCommand.Configure(keeping(null, two), null, replyTo));

        awaitFloor(queue, 255);

        assertThat(info(queue).bytes()).isGreaterThanOrEqualTo(two).isLessThan(all);
        assertThat(info(queue).events()).isEqualTo(345);
        fill(queue, 30);
        assertThat(tail(queue).floor()).as("there is still room for this").isEqualTo(255);
    }

    @Test
    void readersThatFellOffAreToldAndOthersArent() {
        Queue queue = node.queue(name);
        List<EventId> ids = fill(queue, 300);
        node.clock.advance(Duration.ofDays(8));
        awaitFloor(queue, 255);

        assertThat(behind(queue, Position.of(ids.get(100))).skippedTo()).isEqualTo(ids.get(255));
        assertThat(behind(queue, Position.of(ids.get(253))).skippedTo()).isEqualTo(ids.get(255));
        assertThat(behind(queue, Position.BEGINNING).skippedTo())
                .as("the beginning is the oldest event, whichever it is")
                .isNull();
        assertThat(queue.read(Cursor.after(Position.of(ids.get(254))), 1 << 20, 0))
                .as("it has read the last that is gone, and what follows is at hand")
                .isInstanceOfSatisfying(
                        QueueReply.Read.class,
                        read -> assertThat(read.blocks().get(0).header().first())
                                .isEqualTo(ids.get(255)));
        assertThat(queue.read(Cursor.after(Position.of(ids.get(255))), 1 << 20, 0))
                .isInstanceOfSatisfying(
                        QueueReply.Read.class, read -> assertThat(read.last()).isEqualTo(ids.get(299)));
    }

    @Test
    void whatAQueueHasToRememberSurvivesItsRecords() {
        Queue queue = node.queue(name);
        AppendResult first = QueueActorIT.taken(queue.append(numbered("p", 1, "numbered")));
        QueueActorIT.taken(queue.append(output(run("b", 0, 4), child("s", source(7), "out"))));
        queue.ask(replyTo -> new QueueCommand.Subscribe("reader", replyTo));
        fill(queue, 300);
        node.clock.advance(Duration.ofDays(6));
        queue.append(numbered("p", 2, "still here")); // else the producer is forgotten as well
        node.clock.advance(Duration.ofDays(2));
        awaitFloor(queue, 255);

        node.close(); // without a word to its queues
        node = quick();
        node.clock.advance(Duration.ofDays(8));
        Queue again = node.queue(name);

        assertThat(QueueActorIT.taken(again.append(numbered("p", 1, "numbered")))
                        .first())
                .isEqualTo(first.first());
        AppendResult repeated =
                QueueActorIT.taken(again.append(output(run("b", 0, 5), child("s", source(7), "out"), event("free"))));
        assertThat(repeated.events()).as("one of two was there already").isEqualTo(1);
        assertThat(info(again).readers()).containsExactly("reader");
        assertThat(info(again).events())
                .as("of 303, 254 have gone with their records and one has come")
                .isEqualTo(50);
    }

    @Test
    void aQueueThatEndedBeforeAnythingWasRemovedGoesOnThere() {
        node.truncation = (log, to) -> new CompletableFuture<>();
        Queue queue = node.queue(name);
        fill(queue, 300);
        node.clock.advance(Duration.ofDays(8));
        Awaitility.await().atMost(WAIT).until(() -> info(queue).events() == 45);
        assertThat(tail(queue).floor()).isZero();

        node.close();
        node = quick();
        Queue again = node.queue(name);

        awaitFloor(again, 255);
        Awaitility.await().atMost(WAIT).until(() -> !tail(again).hasLeftovers());
        assertThat(Given.payloads(again.readAll(1 << 20))).hasSize(45).first().isEqualTo("e255");
    }

    @Test
    void aDeletionThatBrokeOffGoesOnWhenTheQueueComesUp() {
        Queue queue = node.queue(name);
        fill(queue, 300);
        node.clock.advance(Duration.ofDays(8));
        awaitFloor(queue, 255);
        Awaitility.await().atMost(WAIT).until(() -> !tail(queue).hasLeftovers());
        queue.stop();
        fixture.execute("UPDATE %s.log_tail SET bucket = 0 WHERE log = '" + queue.log() + "' IF EXISTS");
        fixture.execute("INSERT INTO %s.log (log, bucket, seq, epoch) VALUES ('" + queue.log() + "', 0, 7, 1)");

        Queue again = node.queue(name);

        Awaitility.await().atMost(WAIT).until(() -> !tail(again).hasLeftovers());
        assertThat(fixture.count("SELECT seq FROM %s.log WHERE log = '" + queue.log() + "' AND bucket = 0"))
                .isZero();
    }

    @Test
    void aFailedRemovalIsRepeated() {
        LogTruncation real = node.truncation;
        List<Long> tried = new ArrayList<>();
        node.truncation = (log, to) -> {
            tried.add(to);
            return tried.size() < 3
                    ? CompletableFuture.failedFuture(new IllegalStateException("the storage is away"))
                    : real.truncate(log, to);
        };
        Queue queue = node.queue(name);
        fill(queue, 300);
        node.clock.advance(Duration.ofDays(8));

        awaitFloor(queue, 255);
        assertThat(tried).containsOnly(255L).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aQueueTellsWhenItIsToBeLookedAt() {
        Queue queue = node.queue(name);
        long before = node.clock.millis();
        List<EventId> ids = fill(queue, 10);
        Awaitility.await().atMost(WAIT).until(() -> node.plan.containsKey(name));
        assertThat(node.plan.get(name))
                .as("none of its buckets is full")
                .isBetween(before, before + Duration.ofDays(7).toMillis() + 60_000);

        queue.ask(replyTo -> new QueueCommand.Configure(keeping(Duration.ofHours(1), null), null, replyTo));
        List<EventId> more = fill(queue, 300);

        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(node.plan.get(name))
                        .isBetween(
                                ids.get(0).millis() + 3_600_000, more.get(299).millis() + 3_600_000));
    }

    @Test
    void aQueueAtRestIsWokenAndLetsGo() {
        Queue queue = node.queue(name);
        fill(queue, 300);
        queue.stop();
        node.clock.advance(Duration.ofDays(8));
        node.plan.clear();

        Queue again = node.queue(name);
        again.ref.tell(new QueueCommand.Tend());

        awaitFloor(again, 255);
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(node.plan.get(name))
                        .as("not again at once")
                        .isGreaterThan(node.clock.millis() + 3_600_000));
    }

    /** One record each. */
    private static List<EventId> fill(Queue queue, int events) {
        List<EventId> ids = new ArrayList<>();
        IntStream.range(0, events)
                .forEach(i -> ids.add(
                        QueueActorIT.taken(queue.append(append("e" + i))).first()));
        return ids;
    }

    private static QueueConfig keeping(@Nullable Duration age, @Nullable Long bytes) {
        return new QueueConfig(null, null, null, null, new QueueConfig.Retention(age, bytes));
    }

    private static QueueReply.Behind behind(Queue queue, Position after) {
        return (QueueReply.Behind) queue.read(Cursor.after(after), 1, 0);
    }

    private static QueueInfo info(Queue queue) {
        return ((QueueReply.Info) queue.ask(QueueCommand.Describe::new)).info();
    }

    private static LogTail tail(Queue queue) {
        return await(queue.node.log.tail(queue.log())).orElseThrow();
    }

    private static void awaitFloor(Queue queue, long floor) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(tail(queue).floor()).isEqualTo(floor));
    }
}
