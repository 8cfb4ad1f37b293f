package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a run does with what it reads. */
class NodeRunTest extends RunScene {
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
    void aFewBatchesAreOnTheirWayWhileTheNextIsHandledAndTheirOrderIsKept() {
        batch = new BotConfig.Batch(10, null, null);
        queues.put("a", 100);
        CompletableFuture<Void> gate = queues.holdAppends();

        start(noting(COPY));

        // then batches are handled up to a limit, while the first one's append hangs, and nothing is checkpointed
        Awaitility.await().until(() -> queues.appendCount() == 4);
        Awaitility.await().until(() -> handled.size() >= 50);
        assertThat(queues.appendCount()).isEqualTo(4);
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
}
