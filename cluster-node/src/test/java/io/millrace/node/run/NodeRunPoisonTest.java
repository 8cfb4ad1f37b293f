package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.handler.EventHandler;
import io.millrace.protocol.handler.RejectedEventException;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.RunProtocol.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a run does with events that fail. */
class NodeRunPoisonTest extends RunScene {
    private static EventHandler failingAt(String... payloads) {
        return (event, out) -> {
            if (List.of(payloads).contains(event.payload().toString())) {
                throw new IllegalStateException("poison");
            }
            out.emit("b", event.payload());
        };
    }

    private static List<String> numbersBut(int count, String... others) {
        return IntStream.range(0, count)
                .mapToObj(Integer::toString)
                .filter(number -> !List.of(others).contains(number))
                .toList();
    }

    @Test
    void deadLettersAreWrittenOnceAndTheRunGoesOnBehindThem() {
        queues.put("a", 300);
        bots.verdicts.addAll(List.of(Action.DEAD_LETTER, Action.DEAD_LETTER));

        start(failingAt("100", "101"));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).isEqualTo(numbersBut(300, "100", "101"));
        assertThat(queues.events("copy.dead")).hasSize(2);
        assertThat(queues.events("copy.dead")
                        .get(1)
                        .payload()
                        .tree()
                        .get("payload")
                        .asInt())
                .isEqualTo(101);
        assertThat(bots.suspicions()).hasSize(2);
        assertThat(bots.suspicions().get(0).handled()).isEqualTo(100);
        assertThat(bots.suspicions().get(1).handled()).isZero();
    }

    @Test
    void whatIsSkippedIsJustPassed() {
        queues.put("a", 50);
        bots.verdicts.add(Action.SKIP);

        start(failingAt("49"));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).isEqualTo(numbersBut(50, "49"));
        assertThat(queues.events("copy.dead")).isEmpty();
        assertThat(reached())
                .isEqualTo(io.millrace.protocol.Position.of(
                        queues.events("a").get(49).eid()));
    }

    @Test
    void aRunThatTheBotHasEndedSaysNothingMore() {
        queues.put("a", 50);
        bots.verdicts.add(Action.STOP);

        start(failingAt("20"));

        awaitQuiet();
        assertThat(bots.completed()).hasSize(1); // the bot's own
        assertThat(queues.payloads("b")).isEqualTo(numbersBut(20));
    }

    @Test
    void whatItHasLeaveToTryIsTriedBeforeAnotherQueueCanEndTheRun() {
        triggers = List.of("a", "c");
        queues.put("a", 20);
        caution = new Caution(Map.of("a", queues.events("a").get(10).eid()), false);
        bots.verdicts.addAll(List.of(Action.TRY, Action.RETRY));
        bots.verdictTime = Duration.ofMillis(200);

        start((EventHandler) (event, out) -> {
            if (event.queue().equals("c")) {
                throw new IllegalStateException("poison");
            }
            out.emit("b", event.payload());
        });
        Awaitility.await().until(() -> bots.suspicions().size() == 1);
        queues.slow = "a";
        queues.put("c", 1);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(bots.suspicions()).hasSize(2);
        assertThat(queues.payloads("b")).as("its attempt counts").contains("10");
    }

    @Test
    void whatWasBeingReadWhenItBeganAnewDoesNotKeepItFromItsEnd() {
        triggers = List.of("a", "c");
        queues.put("a", 20);
        queues.put("c", 5);
        queues.slow = "c";
        bots.verdicts.add(Action.DEAD_LETTER);

        start((EventHandler) (event, out) -> {
            if (event.queue().equals("a") && event.payload().toString().equals("10")) {
                throw new IllegalStateException("poison");
            }
            out.emit("b", event.payload());
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).hasSize(24);
    }

    @Test
    void aRejectedEventIsSaidToBeSo() {
        queues.put("a", 50);
        bots.verdicts.add(Action.DEAD_LETTER);
        AtomicInteger calls = new AtomicInteger();

        start((EventHandler) (event, out) -> {
            calls.incrementAndGet();
            if (event.payload().toString().equals("20")) {
                throw new RejectedEventException("no customer");
            }
            out.emit("b", event.payload());
        });

        awaitEnd();
        assertThat(bots.suspicions()).singleElement().satisfies(found -> {
            assertThat(found.rejected()).isTrue();
            assertThat(found.error()).isEqualTo("no customer");
        });
        assertThat(queues.payloads("b")).isEqualTo(numbersBut(50, "20"));
        assertThat(calls.get())
                .as("what stands before it, twice; it, twice; the rest")
                .isLessThan(100);
    }
}
