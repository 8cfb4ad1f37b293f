package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Runs whose handler answers later. */
class LaterRunTest extends RunScene {
    private static final EventResult DONE = new EventResult.Done();

    /** The batches that were given, as their payloads. */
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private final List<Scripted> handlers = new CopyOnWriteArrayList<>();

    private final class Scripted implements LaterHandler {
        private final BiFunction<List<Event>, Emitter, CompletionStage<List<EventResult>>> script;
        private final CompletableFuture<List<EventResult>> end = new CompletableFuture<>();

        Scripted(BiFunction<List<Event>, Emitter, CompletionStage<List<EventResult>>> script) {
            this.script = script;
        }

        @Override
        public CompletionStage<List<EventResult>> handle(List<Event> events, Emitter out) {
            if (end.isDone()) {
                return end;
            }
            calls.add(payloads(events));
            return script.apply(events, out).toCompletableFuture().applyToEither(end, results -> results);
        }

        @Override
        public void cancel() {
            end.completeExceptionally(new IllegalStateException("cancelled"));
        }
    }

    private static String payloads(List<Event> events) {
        return events.stream().map(event -> event.payload().toString()).toList().toString();
    }

    private JavaRun startLater(BiFunction<List<Event>, Emitter, CompletionStage<List<EventResult>>> script) {
        Supplier<BotHandler> none = () -> {
            throw new AssertionError("no java handler");
        };
        Supplier<LaterHandler> later = () -> {
            Scripted handler = new Scripted(script);
            handlers.add(handler);
            return handler;
        };
        JavaRun run = new JavaRun(order(), none, later, pool, queues, bots, Duration.ofMillis(200), Clock.systemUTC());
        ended = run.start(Materializer.createMaterializer(kit.system())).toCompletableFuture();
        return run;
    }

    private static List<EventResult> copy(List<Event> events, Emitter out) {
        List<EventResult> results = new ArrayList<>();
        for (Event event : events) {
            out.from(event).emit("b", event.payload());
            results.add(DONE);
        }
        return results;
    }

    @Test
    void whatIsDoneAtTheFrontIsThroughAndTheRestComesAgain() {
        queues.put("a", 5);

        startLater((events, out) -> {
            List<EventResult> results = copy(events.subList(0, calls.size() == 1 ? 2 : events.size()), out);
            while (results.size() < events.size()) {
                results.add(new EventResult.Retry(Duration.ofMillis(50), "locked"));
            }
            return CompletableFuture.completedStage(results);
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1, 2, 3, 4]", "[2, 3, 4]");
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2", "3", "4");
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void aRejectedEventEndsTheRunBehindAllThatIsDoneBeforeIt() {
        queues.put("a", 3);
        CompletableFuture<Void> held = queues.holdAppends();

        startLater((events, out) -> {
            List<EventResult> results = copy(events.subList(0, 2), out);
            results.add(new EventResult.Reject("no such customer"));
            return CompletableFuture.completedStage(results);
        });
        Awaitility.await().until(() -> queues.appendCount() == 1);
        assertThat(bots.completed())
                .as("the failure waits for the output before it")
                .isEmpty();
        held.complete(null);

        RunProtocol.Complete end = awaitEnd();
        assertThat(end.status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(end.message())
                .contains("no such customer")
                .contains(queues.events("a").get(2).eid().toString());
        assertThat(reached()).isEqualTo(Position.of(queues.events("a").get(1).eid()));
        assertThat(queues.payloads("b")).containsExactly("0", "1");
    }

    @Test
    void aBatchThatCantBeTakenNowComesAgain() {
        queues.put("a", 2);

        startLater((events, out) -> calls.size() < 3
                ? CompletableFuture.failedStage(new AgainException(Duration.ofMillis(20), "busy"))
                : CompletableFuture.completedStage(copy(events, out)));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1]", "[0, 1]", "[0, 1]");
        assertThat(queues.payloads("b")).containsExactly("0", "1");
    }

    @Test
    void aWaitThatOutlastsTheRunEndsItInError() {
        queues.put("a", 1);

        startLater((events, out) -> CompletableFuture.failedStage(new AgainException(Duration.ofHours(1), "busy")));

        assertThat(awaitEnd().message()).contains("asks to wait until");
    }

    @Test
    void whoIsToldToStopWhileItWaitsEndsWithWhatItHas() {
        queues.put("a", 3);
        JavaRun run = startLater((events, out) -> {
            List<EventResult> results = copy(events.subList(0, 1), out);
            results.add(new EventResult.Retry(Duration.ofSeconds(40), "locked"));
            results.add(DONE);
            return CompletableFuture.completedStage(results);
        });
        Awaitility.await().until(() -> queues.payloads("b").size() == 1);

        run.stop();

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).hasSize(1);
        assertThat(reached()).isEqualTo(Position.of(queues.events("a").get(0).eid()));
    }

    @Test
    void whoWantsItsBotToRestIsHeardAfterTheEndOfTheRun() {
        queues.put("a", 1);

        startLater((events, out) -> CompletableFuture.failedStage(new PauseException("gone")));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.ERROR);
        Awaitility.await().until(() -> bots.paused().equals(List.of("gone")));
    }

    @Test
    void anAbortBreaksTheCallOff() {
        queues.put("a", 1);
        JavaRun run = startLater((events, out) -> new CompletableFuture<>());
        Awaitility.await().until(() -> calls.size() == 1);

        run.abort();

        awaitQuiet();
        assertThat(handlers.get(0).end).isCompletedExceptionally();
        assertThat(bots.completed()).isEmpty();
    }

    @Test
    void batchesEndWhereAnEarlierRunsHadEnded() {
        batch = new BotConfig.Batch(10, null, null);
        queues.put("a", 30);
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(13).eid()));
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(3).eid()));

        startLater((events, out) -> {
            out.emit("b", events.size());
            return CompletableFuture.completedStage(
                    events.stream().map(event -> DONE).toList());
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("4", "6", "4", "6", "10");
        assertThat(handlers).hasSize(3);
    }

    @Test
    void aRunWithoutQueuesIsOneCall() {
        triggers = List.of();

        startLater((events, out) -> {
            out.emit("b", "made");
            return calls.size() == 1
                    ? CompletableFuture.failedStage(new AgainException(Duration.ofMillis(20), "busy"))
                    : CompletableFuture.completedStage(List.of());
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[]", "[]");
        assertThat(queues.payloads("b")).as("of the call that was taken").containsExactly("\"made\"");
    }
}
