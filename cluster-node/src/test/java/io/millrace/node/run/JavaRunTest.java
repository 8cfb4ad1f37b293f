package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.RunRef;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JavaRunTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final QueueName A = new QueueName("a");
    private static final EventHandler COPY = (event, out) -> out.emit("b", event.payload());

    private final MemoryQueues queues = new MemoryQueues();
    private final MemoryBots bots = new MemoryBots();
    private final HandlerPool pool = new HandlerPool(4);
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private CompletableFuture<?> ended = new CompletableFuture<>();
    private List<String> triggers = List.of("a");
    private Map<String, Checkpoint> checkpoints = Map.of();
    private BotConfig.@Nullable Batch batch;
    private Duration lease = Duration.ofSeconds(60);
    private Duration reading = Duration.ofSeconds(48);

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void everythingIsCopiedInOrderAndTheRunEndsByItself() {
        queues.put("a", 2_500);

        start(COPY);

        RunProtocol.Complete complete = awaitEnd();
        assertThat(complete.status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).isEqualTo(queues.payloads("a"));
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void itGoesOnFromItsCheckpoint() {
        queues.put("a", 10);
        checkpoints =
                Map.of("a", new Checkpoint(Position.of(queues.events("a").get(6).eid()), 7, null, null, null));

        start(COPY);

        awaitEnd();
        assertThat(queues.payloads("b")).containsExactly("7", "8", "9");
        assertThat(Objects.requireNonNull(completed().checkpoints()).get("a").records())
                .isEqualTo(10);
    }

    @Test
    void whatCameWhileItLingersIsReadByTheSameRun() {
        start(COPY);
        queues.put("a", 1);
        Awaitility.await().until(() -> queues.payloads("b").size() == 1);
        queues.put("a", 1);
        awaitEnd();
        assertThat(queues.payloads("b")).containsExactly("0", "1");
    }

    @Test
    void theNextBatchIsHandledWhileTheLastOneIsWritten() {
        batch = new BotConfig.Batch(10, null, null);
        queues.put("a", 30);
        CompletableFuture<Void> gate = queues.holdAppends();

        start(noting(COPY));

        // then the second batch is handled, the first one's append hangs, and nothing is checkpointed
        Awaitility.await().until(() -> handled.size() >= 20);
        assertThat(queues.appendCount()).isEqualTo(1);
        assertThat(bots.checkpointed()).isEmpty();
        gate.complete(null);
        awaitEnd();
        assertThat(queues.payloads("b")).isEqualTo(queues.payloads("a"));
    }

    @Test
    void aCheckpointComesAfterAThousandRecordsAndTellsOnlyWhatIsWritten() {
        queues.put("a", 1_500);
        batch = new BotConfig.Batch(500, null, null);

        start(COPY);

        awaitEnd();
        assertThat(bots.checkpointed())
                .first()
                .satisfies(
                        first -> assertThat(Objects.requireNonNull(first.get(A)).records())
                                .isEqualTo(1_000));
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void aHandlerThatFailsEndsTheRunAndNothingOfItsBatchIsWritten() {
        batch = new BotConfig.Batch(5, null, null);
        queues.put("a", 15);

        start((EventHandler) (event, out) -> {
            if (event.payload().toString().equals("7")) {
                throw new IllegalStateException("seven");
            }
            // The batch before is written once its successor is in work.
            Awaitility.await()
                    .until(() ->
                            event.eid().position() < 5 || queues.events("b").size() == 5);
            out.emit("b", event.payload());
        });

        RunProtocol.Complete complete = awaitEnd();
        assertThat(complete.status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(complete.message()).isEqualTo("seven");
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void anErrorOfTheMachineIsHeardOfToo() {
        queues.put("a", 1);
        start((EventHandler) (event, out) -> {
            throw new NoClassDefFoundError("io/example/Gone");
        });
        assertThat(awaitEnd().message()).isEqualTo("io/example/Gone");
    }

    @Test
    void aHandlerThatCannotBeMadeFailsTheRun() {
        queues.put("a", 1);
        JavaRun run = run(() -> {
            throw new IllegalStateException("no such handler");
        });
        run.start(Materializer.createMaterializer(KIT.system()));
        assertThat(awaitEnd().message()).isEqualTo("no such handler");
    }

    @ParameterizedTest
    @EnumSource(names = {"TOO_MANY_REQUESTS", "UNAVAILABLE", "UNKNOWN_OUTCOME"})
    void whatMaySucceedLaterIsRepeated(ProblemType type) {
        queues.put("a", 3);
        queues.refuseAppends.add(type);
        queues.refuseAppends.add(type);
        queues.refuseReads.add(type);
        bots.refuseCompletes.add(type);

        start(COPY);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2");
        assertThat(queues.appendCount()).isEqualTo(3);
    }

    @Test
    void aBatchThatOverlapsWithAnEarlierRunsEndsWhereThatOneHadEnded() {
        batch = new BotConfig.Batch(10, null, null);
        queues.put("a", 30);
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(13).eid()));
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(3).eid()));

        start((BotHandler) (events, out) -> out.emit("b", events.size()));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("4", "6", "4", "6", "10");
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void theSameOverlapAgainEndsTheRunInError() {
        queues.put("a", 3);
        Problem.Overlap overlap =
                new Problem.Overlap("a", queues.events("a").get(0).eid());
        queues.overlaps.add(overlap);
        queues.overlaps.add(overlap);

        start(COPY);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(queues.payloads("b")).isEmpty();
    }

    @Test
    void whatCannotSucceedEndsTheRunInError() {
        queues.put("a", 3);
        queues.refuseAppends.add(ProblemType.QUEUE_ARCHIVED);

        start(COPY);

        RunProtocol.Complete complete = awaitEnd();
        assertThat(complete.status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(complete.checkpoints()).isEmpty();
    }

    @Test
    void aBotThatDoesntTakeTheLastCheckpointsIsToldOfTheEndWithoutThem() {
        queues.put("a", 3);
        bots.refuseCompletes.add(ProblemType.CHECKPOINT_BACKWARDS);

        start(COPY);

        RunProtocol.Complete complete = awaitEnd();
        assertThat(complete.status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(complete.checkpoints()).isNull();
    }

    @Test
    void aRunThatWasReplacedVanishesWithoutATrace() {
        batch = new BotConfig.Batch(1, null, null);
        queues.put("a", 20);
        queues.refuseAppends.add(ProblemType.STALE_RUN);

        start(noting(COPY));

        Awaitility.await().until(() -> queues.appendCount() == 1);
        awaitQuiet();
        assertThat(queues.payloads("b")).isEmpty();
        assertThat(bots.completed()).isEmpty();
        assertThat(bots.checkpointed()).isEmpty();
    }

    @Test
    void aHangingHandlerIsInterruptedByAnAbortAndHasNoEffect() {
        queues.put("a", 1);
        CountDownLatch hangs = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        JavaRun run = start((EventHandler) (event, out) -> {
            hangs.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
                out.emit("b", "too late");
            }
        });
        Awaitility.await().until(() -> hangs.getCount() == 0);

        run.abort();

        Awaitility.await().until(interrupted::isDone);
        awaitQuiet();
        assertThat(queues.appendCount()).isZero();
        assertThat(bots.completed()).isEmpty();
    }

    @Test
    void nothingIsRepeatedAfterAnAbort() {
        queues.put("a", 1);
        for (int i = 0; i < 100; i++) {
            queues.refuseAppends.add(ProblemType.UNAVAILABLE);
        }
        JavaRun run = start(COPY);
        Awaitility.await().until(() -> queues.appendCount() >= 2);

        run.abort();

        awaitQuiet();
        int appends = queues.appendCount();
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> queues.appendCount() <= appends + 1);
        assertThat(bots.completed()).isEmpty();
    }

    @Test
    void aStopFinishesWhatWasReadAndReadsNoMore() {
        batch = new BotConfig.Batch(1, null, null);
        queues.put("a", 1);
        AtomicInteger count = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        JavaRun run = start((EventHandler) (event, out) -> {
            count.incrementAndGet();
            go.await();
            out.emit("b", event.payload());
        });
        Awaitility.await().until(() -> count.get() == 1);

        run.stop();
        queues.put("a", 1);
        go.countDown();

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).contains("0");
        assertThat(reached()).isEqualTo(Position.of(last("b", "a").eid()));
    }

    /** The event of {@code source} that the last one of {@code queue} was made from. */
    private Event last(String queue, String source) {
        int number = Integer.parseInt(
                queues.payloads(queue).get(queues.payloads(queue).size() - 1));
        return queues.events(source).get(number);
    }

    @Test
    void readingEndsAtFourFifthsThoughMoreIsThere() {
        reading = Duration.ofMillis(600);
        lease = Duration.ofSeconds(30);
        AtomicInteger produced = new AtomicInteger();
        queues.put("a", 1);
        long begun = System.nanoTime();

        start((EventHandler) (event, out) -> {
            if (produced.incrementAndGet() < 100_000) {
                queues.put("a", 1); // there is always one more
            }
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(590));
        assertThat(produced.get()).isLessThan(100_000);
    }

    @Test
    void aQuietTriggerIsNoticedWhileAnotherOneFlowsSlowly() {
        triggers = List.of("a", "quiet");
        batch = new BotConfig.Batch(1, null, null);
        queues.put("a", 6);
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger();

        start((EventHandler) (event, out) -> {
            // Each takes longer than the run's patience (200 ms).
            if (event.queue().equals("a") && seen.incrementAndGet() < 5) {
                slow.await(300, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            if (seen.get() == 4) {
                queues.put("quiet", 1);
                seen.incrementAndGet();
            }
            out.emit("b", event.queue());
        });

        awaitEnd();
        assertThat(bots.completed()).hasSize(1);
        assertThat(queues.payloads("b")).contains("\"quiet\"").hasSize(7);
    }

    @Test
    void manyTriggersAreReadSideBySide() {
        triggers = IntStream.range(0, 20).mapToObj(i -> "in" + i).toList();
        triggers.forEach(trigger -> queues.put(trigger, 50));

        start((BotHandler)
                (events, out) -> events.forEach(event -> out.from(event).emit("b", event.queue())));

        awaitEnd();
        assertThat(queues.payloads("b")).hasSize(1_000);
        assertThat(Objects.requireNonNull(completed().checkpoints())).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void aSmallBatchIsGatheredForItsTime() {
        batch = new BotConfig.Batch(3, null, Duration.ofMinutes(1));
        start((BotHandler) (events, out) -> out.emit("b", events.size()));
        queues.put("a", 1);
        queues.put("a", 1);
        queues.put("a", 1);
        Awaitility.await().until(() -> !queues.payloads("b").isEmpty());
        assertThat(queues.payloads("b")).containsExactly("3");
        awaitEnd();
    }

    private BotHandler noting(EventHandler handler) {
        return (EventHandler) (event, out) -> {
            handled.add(event.payload().toString());
            handler.handle(event, out);
        };
    }

    private JavaRun start(BotHandler handler) {
        JavaRun run = run(() -> handler);
        ended = run.start(Materializer.createMaterializer(KIT.system())).toCompletableFuture();
        return run;
    }

    private JavaRun run(java.util.function.Supplier<BotHandler> handler) {
        Instant now = Instant.now();
        RunRef ref = new RunRef(new BotId("copy"), "run-1", 1, 0, now.plus(lease));
        RunOrder order = new RunOrder(
                ref, now.plus(reading), triggers, checkpoints, batch, new HandlerSpec.Java("io.example.Copy", null));
        return new JavaRun(order, handler, pool, queues, bots, Duration.ofMillis(200), Clock.systemUTC());
    }

    private RunProtocol.Complete awaitEnd() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !bots.completed().isEmpty());
        return completed();
    }

    private RunProtocol.Complete completed() {
        return bots.completed().get(0);
    }

    private void awaitQuiet() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(ended::isDone);
    }

    /** The last checkpoint that was told, on the way or at the end. */
    private Position reached() {
        Checkpoint atEnd = Objects.requireNonNull(completed().checkpoints()).get("a");
        if (atEnd != null) {
            return atEnd.checkpoint();
        }
        List<Map<QueueName, Checkpoint>> all = bots.checkpointed();
        return Objects.requireNonNull(all.get(all.size() - 1).get(A)).checkpoint();
    }

    private Event last(String queue) {
        List<Event> events = queues.events(queue);
        return events.get(events.size() - 1);
    }
}
