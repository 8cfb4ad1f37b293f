package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.RunProtocol.Action;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private NodeRun startLater(BiFunction<List<Event>, Emitter, CompletionStage<List<EventResult>>> script) {
        Supplier<LaterHandler> later = () -> {
            Scripted handler = new Scripted(script);
            handlers.add(handler);
            return handler;
        };
        NodeRun run = new NodeRun(
                order(), scene -> new LaterWork(later, scene), queues, bots, Duration.ofMillis(200), Clock.systemUTC());
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

    private static List<EventResult> results(EventResult... results) {
        return List.of(results);
    }

    private static List<EventResult> allDone(List<Event> events) {
        return events.stream().map(event -> DONE).toList();
    }

    @Test
    void whatIsDoneAtTheFrontIsThroughAndTheEventThatIsToComeAgainIsAskedAbout() {
        queues.put("a", 5);

        startLater((events, out) -> {
            List<EventResult> results = copy(events.subList(0, 2), out);
            results.add(new EventResult.Retry(Duration.ofMillis(50), "locked"));
            results.addAll(results(DONE, DONE));
            return CompletableFuture.completedStage(results);
        });

        assertThat(awaitEnd().message()).isEqualTo("locked");
        assertThat(calls).containsExactly("[0, 1, 2, 3, 4]");
        assertThat(queues.payloads("b")).containsExactly("0", "1");
        assertThat(bots.suspicions()).singleElement().satisfies(found -> {
            assertThat(found.eid()).isEqualTo(queues.events("a").get(2).eid());
            assertThat(found.rejected()).isFalse();
            assertThat(found.retryAfter()).isEqualTo(Duration.ofMillis(50));
            assertThat(found.handled()).isEqualTo(2);
        });
        assertThat(reached()).isEqualTo(Position.of(queues.events("a").get(1).eid()));
    }

    @Test
    void aRejectedEventGoesToTheDeadLettersBehindAllThatIsDoneBeforeIt() {
        queues.put("a", 4);
        bots.verdicts.add(Action.DEAD_LETTER);
        CompletableFuture<Void> held = queues.holdAppends();

        startLater((events, out) -> {
            int at = payloads(events).equals("[3]") ? 1 : 2;
            List<EventResult> results = copy(events.subList(0, at), out);
            if (at < events.size()) {
                results.addAll(results(new EventResult.Reject("no such customer"), DONE));
            }
            return CompletableFuture.completedStage(results);
        });
        Awaitility.await().until(() -> queues.appendCount() == 1);
        assertThat(bots.suspicions())
                .as("the question waits for the output before it")
                .isEmpty();
        held.complete(null);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1, 2, 3]", "[3]");
        assertThat(queues.payloads("b")).containsExactly("0", "1", "3");
        assertThat(bots.suspicions()).singleElement().satisfies(found -> {
            assertThat(found.rejected()).isTrue();
            assertThat(found.error()).isEqualTo("no such customer");
        });
        assertThat(queues.events("copy.dead"))
                .singleElement()
                .satisfies(letter -> assertThat(
                                letter.payload().tree().get("payload").asInt())
                        .isEqualTo(2));
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void aCallThatFailsIsHalvedUntilTheEventIsFound() {
        queues.put("a", 8);
        bots.verdicts.add(Action.SKIP);

        startLater((events, out) -> payloads(events).contains("5")
                ? CompletableFuture.failedStage(new IllegalStateException("answered 500"))
                : CompletableFuture.completedStage(copy(events, out)));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1, 2, 3, 4, 5, 6, 7]", "[0, 1, 2, 3]", "[4, 5]", "[4]", "[5]", "[6, 7]");
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2", "3", "4", "6", "7");
        assertThat(bots.suspicions()).hasSize(1);
    }

    @Test
    void whoIsntThereIsNotHalvedAndNoEventIsToBlame() {
        queues.put("a", 8);

        startLater((events, out) -> CompletableFuture.failedStage(new NotTakenException("the connection was refused")));

        assertThat(awaitEnd().message()).isEqualTo("the connection was refused");
        assertThat(calls).hasSize(1);
        assertThat(bots.suspicions()).isEmpty();
    }

    @Test
    void aSuspectIsTriedAloneAfterAsking() {
        queues.put("a", 4);
        caution = new Caution(Map.of("a", queues.events("a").get(2).eid()), false);
        bots.verdicts.add(Action.TRY);

        startLater((events, out) -> CompletableFuture.completedStage(copy(events, out)));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1]", "[2]", "[3]");
        assertThat(bots.suspicions())
                .singleElement()
                .satisfies(found -> assertThat(found.error()).isNull());
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
        assertThat(completed().retryAfter()).as("the bot rests as long").isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whoIsToldToStopWhileItWaitsEndsWithWhatItHas() {
        batch = new BotConfig.Batch(1, null, null);
        queues.put("a", 3);
        NodeRun run = startLater((events, out) -> {
            return calls.size() == 1
                    ? CompletableFuture.completedStage(copy(events, out))
                    : CompletableFuture.failedStage(new AgainException(Duration.ofSeconds(40), "busy"));
        });
        Awaitility.await().until(() -> calls.size() == 2);

        run.stop();

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).hasSize(2);
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
        NodeRun run = startLater((events, out) -> new CompletableFuture<>());
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
            return CompletableFuture.completedStage(allDone(events));
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("4", "6", "4", "6", "10");
        assertThat(handlers).hasSize(3);
    }

    @Test
    void aCallThatIsBrokenOffByACutTellsNothingOfItsEvents() {
        batch = new BotConfig.Batch(2, null, null);
        queues.put("a", 4);
        CompletableFuture<Void> held = queues.holdAppends();
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(0).eid()));

        startLater((events, out) -> {
            if (calls.size() == 2) {
                held.complete(null); // the cut is told while this call is under way
                return new CompletableFuture<>();
            }
            return CompletableFuture.completedStage(copy(events, out));
        });

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(calls).containsExactly("[0, 1]", "[2, 3]", "[0]", "[1]", "[2, 3]");
        assertThat(bots.suspicions()).isEmpty();
        assertThat(queues.payloads("b")).containsExactly("0", "1", "2", "3");
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
