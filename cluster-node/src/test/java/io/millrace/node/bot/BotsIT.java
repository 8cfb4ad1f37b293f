package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.Node;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.settings.NodeSettings;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bots on a whole node, seen from outside. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BotsIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        TestCassandra cassandra = TestCassandra.shared();
        InetSocketAddress at = cassandra.contactPoint();
        NodeSettings settings = NodeSettings.read(Map.of(
                "millrace.cassandra.contact-points",
                List.of(at.getHostString() + ":" + at.getPort()),
                "millrace.cassandra.datacenter",
                cassandra.datacenter(),
                "millrace.cassandra.keyspace",
                cassandra.newKeyspace(),
                "millrace.http.port",
                0));
        node = Node.start(settings, Clock.systemUTC()).toCompletableFuture().get(120, TimeUnit.SECONDS);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> send("GET", "/health/ready", null).statusCode() == 200);
    }

    @AfterAll
    static void stop() throws Exception {
        node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aChainOfBotsCopiesEverythingOnceAndInOrder() {
        copy("chain-one", "chain-b", "chain-a");
        copy("chain-two", "chain-c", "chain-b");
        for (int i = 0; i < 10; i++) {
            put("chain-a", i * 1_000, 1_000);
        }

        awaitEvents("chain-c", 10_000);

        List<JsonNode> copied = read("chain-c");
        assertThat(payloads(copied)).isEqualTo(numbers(10_000));
        List<JsonNode> middle = read("chain-b");
        assertThat(payloads(middle)).isEqualTo(numbers(10_000));
        JsonNode last = copied.get(9_999);
        assertThat(last.get("id").asText()).isEqualTo("chain-two");
        assertThat(last.get("correlation_id").get("source").asText()).isEqualTo("chain-b");
        assertThat(last.get("correlation_id").get("start"))
                .isEqualTo(middle.get(9_999).get("eid"));
        assertThat(last.get("event_source_timestamp"))
                .isEqualTo(read("chain-a").get(9_999).get("timestamp"));
        awaitTail("chain-two", "chain-b");
        JsonNode bot = bot("chain-two");
        assertThat(bot.get("checkpoints")
                        .get("read")
                        .get("chain-b")
                        .get("records")
                        .asInt())
                .isEqualTo(10_000);
        assertThat(bot.get("checkpoints").get("write").get("chain-c").get("checkpoint"))
                .isEqualTo(last.get("eid"));
        assertThat(bot.get("lag").get("chain-b").get("events").asInt()).isZero();
        assertThat(bot.get("state").asText()).isEqualTo("nominal");
    }

    @Test
    void aResetToTheBeginningEmitsAgainExactlyOnceMore() {
        copy("again", "again-b", "again-a");
        put("again-a", 0, 3_000);
        awaitEvents("again-b", 3_000);

        ok(send("PUT", "/v1/bots/again/checkpoints/again-a", "{\"position\":\"beginning\",\"reason\":\"test\"}"));

        awaitEvents("again-b", 6_000);
        awaitTail("again", "again-a");
        List<Integer> twice = new ArrayList<>(numbers(3_000));
        twice.addAll(numbers(3_000));
        assertThat(payloads(read("again-b"))).isEqualTo(twice);
    }

    @Test
    void killsDuringTheLoadLeaveNoGapAndNoDouble() {
        copy("killed", "killed-b", "killed-a");
        for (int i = 0; i < 5; i++) {
            put("killed-a", i * 2_000, 2_000);
            Awaitility.await().atMost(WAIT).until(() -> bot("killed").has("run"));
            ok(send("POST", "/v1/bots/killed/kill", ""));
        }

        awaitEvents("killed-b", 10_000);
        awaitTail("killed", "killed-a");

        assertThat(payloads(read("killed-b"))).isEqualTo(numbers(10_000));
        // How much was left for the run after the last kill is a matter of speed; that kills hit runs is not.
        assertThat(send("GET", "/v1/bots/killed/runs", null).body().split("\"killed\"", -1))
                .as("outcomes of runs")
                .hasSizeGreaterThan(3);
    }

    @Test
    void allTriggersOfABotAreReadEachInItsOrder() {
        copy("join", "join-out", "join-x", "join-y", "join-z");
        for (int i = 0; i < 5; i++) {
            put("join-x", i * 200, 200);
            put("join-y", i * 200, 200);
            put("join-z", i * 200, 200);
        }

        awaitEvents("join-out", 3_000);

        Map<String, List<Integer>> bySource = read("join-out").stream()
                .collect(Collectors.groupingBy(
                        event -> event.get("correlation_id").get("source").asText(),
                        Collectors.mapping(event -> event.get("payload").asInt(), Collectors.toList())));
        assertThat(bySource)
                .isEqualTo(Map.of("join-x", numbers(1_000), "join-y", numbers(1_000), "join-z", numbers(1_000)));
    }

    @Test
    void aPausedBotRestsUntilItIsResumed() {
        copy("rests", "rests-b", "rests-a");
        ok(send("POST", "/v1/bots/rests/pause", "{\"reason\":\"lunch\"}"));
        put("rests-a", 0, 10);
        Awaitility.await().during(Duration.ofMillis(800)).until(() -> events("rests-b") == 0);
        assertThat(bot("rests").get("flags").toString()).contains("paused");

        ok(send("POST", "/v1/bots/rests/resume", ""));

        awaitEvents("rests-b", 10);
    }

    private static void copy(String bot, String to, String... triggers) {
        String queues = String.join("\",\"", triggers);
        ok(send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + queues + "\"],\"handler\":{\"type\":\"java\","
                        + "\"class\":\"io.millrace.node.run.Copying\",\"settings\":{\"to\":\"" + to + "\"}}}"));
    }

    private static void put(String queue, int from, int count) {
        ok(send(
                "POST",
                "/v1/queues/" + queue + "/events",
                IntStream.range(from, from + count)
                        .mapToObj(i -> "{\"payload\":" + i + "}\n")
                        .collect(Collectors.joining())));
    }

    private static long events(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue, null);
        return response.statusCode() == 404
                ? 0
                : json(response.body()).get("events").asLong();
    }

    private static void awaitEvents(String queue, long count) {
        Awaitility.await().atMost(WAIT).until(() -> events(queue) >= count);
        assertThat(events(queue)).isEqualTo(count);
    }

    /** Its checkpoint is at the end of the queue and its run is over. */
    private static void awaitTail(String bot, String queue) {
        Awaitility.await().atMost(WAIT).until(() -> {
            JsonNode info = bot(bot);
            JsonNode checkpoint = info.get("checkpoints").get("read").get(queue);
            JsonNode last =
                    json(send("GET", "/v1/queues/" + queue, null).body()).get("last");
            return checkpoint != null && checkpoint.get("checkpoint").equals(last) && !info.has("run");
        });
    }

    private static JsonNode bot(String bot) {
        HttpResponse<String> response = send("GET", "/v1/bots/" + bot, null);
        ok(response);
        return json(response.body());
    }

    private static List<JsonNode> read(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue + "/events?limit=100000", null);
        ok(response);
        return response.body().lines().map(BotsIT::json).toList();
    }

    private static List<Integer> payloads(List<JsonNode> events) {
        return events.stream().map(event -> event.get("payload").asInt()).toList();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static void ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    }

    private static HttpResponse<String> send(
            String method, String path, @org.jspecify.annotations.Nullable String body) {
        InetSocketAddress at = node.httpAddress();
        boolean lines = path.endsWith("/events");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                .timeout(Duration.ofSeconds(30));
        if (body == null || body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }
}
