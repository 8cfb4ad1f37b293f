package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a run ends: by itself, refused, stopped or aborted. */
class NodeRunEndTest extends RunScene {
    @Test
    void whatStandsBeforeAnEventThatFailsIsWrittenAndTheRunEnds() {
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
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(bots.suspicions()).singleElement().satisfies(found -> {
            assertThat(found.eid().position()).isEqualTo(7);
            assertThat(found.handled()).isEqualTo(7);
        });
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
        NodeRun run = run(() -> {
            throw new IllegalStateException("no such handler");
        });
        run.start(Materializer.createMaterializer(kit.system()));
        assertThat(awaitEnd().message()).isEqualTo("no such handler");
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
        NodeRun run = start((EventHandler) (event, out) -> {
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
        NodeRun run = start(COPY);
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
        NodeRun run = start((EventHandler) (event, out) -> {
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
    void aHandlerThatHearsNoInterruptKeepsNobodyWaitingAndHasNoEffect() {
        queues.put("a", 2);
        batch = new BotConfig.Batch(1, null, null);
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch freed = new CountDownLatch(1);
        CompletableFuture<Boolean> returned = new CompletableFuture<>();
        NodeRun run = start((EventHandler) (event, out) -> {
            hangs.countDown();
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (freed.getCount() > 0 && System.nanoTime() < end) {
                try {
                    freed.await(60, java.util.concurrent.TimeUnit.SECONDS);
                } catch (InterruptedException ignored) {
                    handled.add("interrupted");
                }
            }
            out.emit("b", "too late");
            returned.complete(true);
        });
        Awaitility.await().until(() -> hangs.getCount() == 0);

        run.abort();

        // then the run is over though its handler isn't
        awaitQuiet();
        Awaitility.await().until(() -> handled.equals(List.of("interrupted")));
        assertThat(returned).isNotDone();
        freed.countDown();
        Awaitility.await().until(returned::isDone);
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> queues.appendCount() == 0);
        assertThat(bots.completed()).isEmpty();
        assertThat(bots.checkpointed()).isEmpty();
    }
}
