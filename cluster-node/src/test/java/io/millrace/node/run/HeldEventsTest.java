package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.lane.Keys;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.Test;

/** Runs that are told whose events wait. The payloads are numbers, and each is its own key. */
class HeldEventsTest extends RunScene {
    private static Caution held(boolean redriving, String... keys) {
        return new Caution(Map.of(), false, new Keys("", Map.of("a", List.of(keys)), redriving));
    }

    @Test
    void whatWaitsGoesToTheDeadLettersInOrderAndAllElseIsHandled() {
        caution = held(false, "3e0", "4e0", "9e0");
        queues.put("a", 10);

        start(noting(COPY));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(handled).containsExactly("0", "1", "2", "5", "6", "7", "8");
        assertThat(letters()).containsExactly("3", "4", "9");
        JsonNode letter = queues.events("copy.dead").get(0).payload().tree();
        assertThat(letter.get("held").asBoolean()).isTrue();
        assertThat(letter.get("key").asText()).isEqualTo("3e0");
        assertThat(letter.has("firstFailedAt")).isFalse();
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void itIsTheSameForWhatAnswersLater() {
        caution = held(false, "0", "2e0");
        queues.put("a", 4);

        startLater();

        awaitEnd();
        assertThat(handled).containsExactly("1", "3");
        assertThat(letters()).containsExactly("0", "2");
    }

    @Test
    void whatIsRedrivenAndWaitsAgainIsPassed() {
        caution = held(true, "1e0");
        queues.put("a", 3);

        start(noting(COPY));

        awaitEnd();
        assertThat(handled).containsExactly("0", "2");
        assertThat(queues.events("copy.dead")).isEmpty();
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void whatFailsIsAskedAboutWithItsKeyThoughItsKeyWaits() {
        queues.put("a", 3);
        caution = new Caution(
                Map.of("a", queues.events("a").get(1).eid()), false, new Keys("", Map.of("a", List.of("1e0")), false));

        start(noting(COPY));

        awaitEnd();
        assertThat(bots.suspicions()).singleElement().satisfies(asked -> {
            assertThat(asked.eid()).isEqualTo(queues.events("a").get(1).eid());
            assertThat(asked.key()).isEqualTo("1e0");
            assertThat(asked.letter()).isNull();
        });
    }

    @Test
    void aThousandThatWaitAmongOthersKeepTheirOrder() {
        caution = held(
                false,
                IntStream.range(0, 1_000)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(HeldEventsTest::key)
                        .toArray(String[]::new));
        queues.put("a", 1_000);

        start(noting(COPY));

        awaitEnd();
        assertThat(handled)
                .isEqualTo(
                        IntStream.range(0, 500).mapToObj(i -> "" + (2 * i + 1)).toList());
        assertThat(letters())
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "" + 2 * i).toList());
    }

    /** As keys write numbers. */
    private static String key(int number) {
        int digits = number;
        int power = 0;
        while (digits != 0 && digits % 10 == 0) {
            digits /= 10;
            power++;
        }
        return number == 0 ? "0" : digits + "e" + power;
    }

    private List<String> letters() {
        return queues.events("copy.dead").stream()
                .map(event -> event.payload().tree().get("payload").toString())
                .toList();
    }

    private void startLater() {
        NodeRun run = new NodeRun(
                order(),
                scene -> new LaterWork(
                        () -> new LaterHandler() {
                            @Override
                            public CompletionStage<List<EventResult>> handle(List<Event> events, Emitter out) {
                                events.forEach(
                                        event -> handled.add(event.payload().toString()));
                                return CompletableFuture.completedStage(events.stream()
                                        .<EventResult>map(event -> new EventResult.Done())
                                        .toList());
                            }

                            @Override
                            public void cancel() {}
                        },
                        scene),
                queues,
                bots,
                Duration.ofMillis(200),
                Clock.systemUTC());
        ended = run.start(Materializer.createMaterializer(kit.system())).toCompletableFuture();
    }
}
