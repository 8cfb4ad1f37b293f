package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.Outcome;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadTest {
    private static final String EVENTS = "/v1/queues/orders/events";
    private static final String JSON = "application/json";
    private static final String BLOCK = "application/vnd.millrace.block";

    private static TestServer server;
    private List<EventId> ids;

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.settings());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Three blocks of four events: payloads 0 to 11. */
    @BeforeEach
    void fill() {
        server.queues.reset();
        for (int block = 0; block < 3; block++) {
            append(IntStream.range(block * 4, block * 4 + 4).toArray());
        }
        ids = server.queues.events("orders").stream().map(Event::eid).toList();
    }

    private static void append(int... payloads) {
        StringBuilder lines = new StringBuilder();
        IntStream.of(payloads)
                .forEach(n -> lines.append("{\"payload\":{\"n\":").append(n).append("}}\n"));
        assertThat(server.send("POST", EVENTS, lines.toString(), "Content-Type", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(200);
    }

    private static int[] numbers(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body()
                .lines()
                .mapToInt(line -> line(line).path("payload").path("n").asInt())
                .toArray();
    }

    private static JsonNode line(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private static String where(String expression) {
        return "where=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    private static String next(HttpResponse<?> answer) {
        return answer.headers().firstValue("Millrace-Next").orElseThrow();
    }

    @Test
    void shouldReadLinesFromTheBeginning() {
        HttpResponse<String> answer = server.get(EVENTS);

        assertThat(numbers(answer)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(line(answer.body().lines().findFirst().orElseThrow())
                        .path("eid")
                        .asText())
                .isEqualTo(ids.get(0).toString());
    }

    @Test
    void shouldTrimExactlyBetweenAnExclusiveStartAndAnInclusiveEnd() {
        assertThat(numbers(server.get(EVENTS + "?after=" + ids.get(2) + "&until=" + ids.get(9))))
                .containsExactly(3, 4, 5, 6, 7, 8, 9);
        assertThat(numbers(server.get(EVENTS + "?after=" + ids.get(5) + "&until=" + ids.get(5))))
                .isEmpty();
        assertThat(numbers(server.get(EVENTS + "?after=" + ids.get(3)))).startsWith(4);
        assertThat(numbers(server.get(EVENTS + "?after=" + ids.get(11)))).isEmpty();
        assertThat(numbers(server.get(EVENTS + "?after=" + EventId.MAX))).isEmpty();
    }

    @Test
    void shouldTakePrefixesAsPlacesBeforeAllThatTheyBegin() {
        String minute = ids.get(0).toString().substring(0, 18);
        assertThat(numbers(server.get(EVENTS + "?after=" + minute))).hasSize(12);
        assertThat(numbers(server.get(EVENTS + "?until=" + minute))).isEmpty();
        assertThat(numbers(server.get(EVENTS + "?until=z/2286"))).hasSize(12);
        assertThat(numbers(server.get(EVENTS + "?after=z/2286"))).isEmpty();
        assertThat(numbers(server.get(EVENTS + "?after=z"))).hasSize(12);
    }

    @Test
    void shouldReadNoMoreThanTheLimit() {
        assertThat(numbers(server.get(EVENTS + "?limit=1"))).containsExactly(0);
        assertThat(numbers(server.get(EVENTS + "?limit=5"))).containsExactly(0, 1, 2, 3, 4);
        assertThat(numbers(server.get(EVENTS + "?limit=5&after=" + ids.get(4)))).containsExactly(5, 6, 7, 8, 9);
    }

    @Test
    void shouldStopAfterTheBlockThatPassesTheBytes() {
        assertThat(numbers(server.get(EVENTS + "?bytes=1"))).containsExactly(0, 1, 2, 3);
        assertThat(numbers(server.get(EVENTS + "?bytes=1&after=" + ids.get(3)))).containsExactly(4, 5, 6, 7);
    }

    @Test
    void shouldReadAPageAsJsonAndTellWhereToGoOn() {
        HttpResponse<String> answer = server.get(EVENTS + "?limit=5", "Accept", JSON);

        JsonNode page = line(answer.body());
        assertThat(page.path("events")).hasSize(5);
        assertThat(page.path("next").asText()).isEqualTo(ids.get(4).toString()).isEqualTo(next(answer));
        assertThat(page.path("events").get(4).path("payload").path("n").asInt()).isEqualTo(4);
    }

    @Test
    void shouldReadAnUnknownQueueAsEmpty() {
        HttpResponse<String> page = server.get("/v1/queues/nothing/events?after=z/2024", "Accept", JSON);

        assertThat(page.body()).isEqualTo("{\"events\":[],\"next\":\"z/2024\"}");
        assertThat(server.get("/v1/queues/nothing/events").body()).isEmpty();
    }

    @Test
    void shouldGiveStoredBlocksWhole() {
        HttpResponse<byte[]> answer = server.send(
                server.request(EVENTS + "?limit=4&after=" + ids.get(2), "Accept", BLOCK), BodyHandlers.ofByteArray());

        List<Block> blocks = Block.readAll(ByteBuffer.wrap(answer.body()));
        assertThat(blocks).extracting(block -> block.header().first()).containsExactly(ids.get(0), ids.get(4));
        assertThat(next(answer)).isEqualTo(ids.get(7).toString());
        assertThat(answer.headers().firstValue("Content-Type")).contains(BLOCK);
    }

    @Test
    void shouldGiveNoBlocksAtTheTail() {
        HttpResponse<byte[]> answer = server.send(
                server.request(EVENTS + "?after=" + ids.get(11), "Accept", BLOCK), BodyHandlers.ofByteArray());

        assertThat(answer.body()).isEmpty();
        assertThat(next(answer)).isEqualTo(ids.get(11).toString());
    }

    @Test
    void shouldFilter() {
        HttpResponse<String> answer = server.get(EVENTS + "?" + where("payload.n % 3 == 1") + "&limit=3");

        assertThat(numbers(answer)).containsExactly(1, 4, 7);
        assertThat(next(answer)).isEqualTo(ids.get(7).toString());
        assertThat(next(server.get(EVENTS + "?" + where("payload.n > 100"))))
                .isEqualTo(ids.get(11).toString());
    }

    @Test
    void shouldEndAFilteredReadWhenItHasLookedEnoughAndTellWhereToGoOn() {
        server.queues.reset();
        for (int i = 0; i < 12; i++) {
            server.send("POST", EVENTS, "0\n".repeat(9_999) + "1\n", "Content-Type", "application/x-ndjson");
        }
        String query = EVENTS + "?" + where("payload == 1") + "&limit=100000";

        HttpResponse<String> first = server.get(query);
        HttpResponse<String> second = server.get(query + "&after=" + next(first));

        assertThat(first.body().lines().count() + second.body().lines().count()).isEqualTo(12);
        assertThat(next(second))
                .isEqualTo(server.queues.events("orders").get(119_999).eid().toString());
    }

    @Test
    void shouldRefuseAnExpressionThatIsTooCostlyForAnEvent() {
        server.send("POST", EVENTS, "[" + "[" + "1,".repeat(300) + "1]]", "Content-Type", JSON);

        HttpResponse<String> answer =
                server.get(EVENTS + "?" + where("payload.all(a, payload.all(b, a + b > 0))") + "&after=" + ids.get(11));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("10000 steps");
    }

    @Test
    void shouldEndAtTheTailAsItStoodThoughMoreArrives() {
        server.queues.reset();
        for (int seed = 0; seed < 4; seed++) {
            server.send("POST", EVENTS, noise(seed), "Content-Type", "application/x-ndjson");
        }
        server.queues.interference = server.queues.appends.get(0);

        HttpResponse<String> lines = server.get(EVENTS);
        HttpResponse<byte[]> blocks =
                server.send(server.request(EVENTS + "?limit=100000", "Accept", BLOCK), BodyHandlers.ofByteArray());

        assertThat(lines.body().lines()).hasSize(4);
        long stored = Block.readAll(ByteBuffer.wrap(blocks.body())).size();
        assertThat(server.queues.reads()).isGreaterThan(4);
        assertThat(stored).isLessThan(server.queues.events("orders").size());
    }

    /** A line that compresses badly and so takes a step of its own. */
    private static String noise(int seed) {
        StringBuilder noise = new StringBuilder("\"");
        new java.util.Random(seed).ints(2_000_000, 'a', 'z').forEach(c -> noise.append((char) c));
        return noise.append("\"\n").toString();
    }

    @Test
    void shouldWaitForAFirstEvent() throws Exception {
        var reading = CompletableFuture.supplyAsync(() -> server.get(EVENTS + "?wait=15&after=" + ids.get(11)));
        org.awaitility.Awaitility.await().until(server.queues::isAwaited);
        append(99);

        assertThat(numbers(reading.get())).containsExactly(99);
        assertThat(next(reading.get()))
                .isEqualTo(server.queues.events("orders").get(12).eid().toString());
    }

    @Test
    void shouldAnswerAProblemInsteadOfAStreamThatBreaksOff() {
        server.queues.readAnswer =
                CompletableFuture.completedStage(Outcome.refused(ProblemType.UNAVAILABLE, "the storage is away"));

        for (String accept : List.of("application/x-ndjson", JSON, "text/event-stream", BLOCK)) {
            HttpResponse<String> answer = server.get(EVENTS, "Accept", accept);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("urn:millrace:problem:unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        }
    }

    @Test
    void shouldChooseTheFormByItsQuality() {
        assertThat(type("text/html, application/json;q=0.5, */*;q=0.1")).contains(JSON);
        assertThat(type("application/*;q=0.3, " + BLOCK + ";q=0.4")).contains(BLOCK);
        assertThat(type("application/x-ndjson;q=0, application/*")).contains(JSON);
        assertThat(type("*/*")).contains("application/x-ndjson");
    }

    private static java.util.Optional<String> type(String accept) {
        return server.get(EVENTS, "Accept", accept).headers().firstValue("Content-Type");
    }

    @Test
    void shouldTellWhereItWentOnIfRetentionHasRemovedWhatWasNext() {
        server.queues.trim("orders", 1);
        for (String accept : List.of("application/x-ndjson", "application/json", "application/vnd.millrace.block")) {
            HttpResponse<String> fell = server.get(EVENTS + "?after=" + ids.get(1), "Accept", accept);
            assertThat(fell.headers().firstValue("Millrace-Skipped-To"))
                    .as(accept)
                    .contains(ids.get(4).toString());
            assertThat(server.get(EVENTS + "?after=" + ids.get(3), "Accept", accept)
                            .headers()
                            .firstValue("Millrace-Skipped-To"))
                    .isEmpty();
            assertThat(server.get(EVENTS, "Accept", accept).headers().firstValue("Millrace-Skipped-To"))
                    .as("the beginning is the oldest event, whichever it is")
                    .isEmpty();
        }
        assertThat(numbers(server.get(EVENTS + "?after=" + ids.get(1)))).containsExactly(4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void shouldBreakOffLinesThatRetentionHasOvertaken() {
        server.queues.reset();
        Random random = new Random(4711);
        for (int i = 0; i < 6; i++) {
            byte[] bytes = new byte[800_000];
            random.nextBytes(bytes);
            String large = "{\"payload\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}\n";
            server.send("POST", EVENTS, large, "Content-Type", "application/x-ndjson");
        }
        server.queues.floorAfterFirstRead = 5;

        // A client that repeats what was cut off before it saw the head would be given the rest, and find nothing
        // wrong.
        byte[] request = RawHttp.request("GET", EVENTS, new byte[0]);
        assertThatThrownBy(() -> RawHttp.send(server.port(), request)).isInstanceOf(IOException.class);
    }
}
