package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bots on a whole node, seen from outside. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BotsIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static WholeNode node;

    @BeforeAll
    static void start() {
        node = WholeNode.start(Map.of());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void botsOfATagOrOfAQueueArePausedAndResumedTogetherPageByPage() {
        String tagged = "\"tags\":[\"together\"],\"triggers\":[\"together-in\"],\"handler\":{\"type\":\"worker\"}}";
        for (String bot : List.of("together-1", "together-2", "together-3")) {
            WholeNode.ok(node.send("PUT", "/v1/bots/" + bot, "{" + tagged));
        }
        WholeNode.ok(node.send("PUT", "/v1/bots/together-3", "{\"handler\":{\"type\":\"worker\"}}"));
        WholeNode.ok(node.send("PUT", "/v1/bots/together-not", "{\"handler\":{\"type\":\"worker\"}}"));
        node.put("together-in", 0, 1);

        assertThat(steer("/v1/bots/pause?tag=together&limit=1", "{\"reason\":\"stocktaking\"}"))
                .isEqualTo("{\"bots\":1,\"next\":\"together-1\"}");
        assertThat(steer("/v1/bots/pause?tag=together&after=together-1", "{\"reason\":\"stocktaking\"}"))
                .isEqualTo("{\"bots\":1}"); // the third one has dropped the tag
        assertThat(node.bot("together-2").get("pauseReason").asText()).isEqualTo("stocktaking");
        assertThat(node.bot("together-3").get("flags")).isEmpty();
        assertThat(node.bot("together-not").get("flags")).isEmpty();
        assertThat(steer("/v1/bots/resume?tag=together", "")).isEqualTo("{\"bots\":2}");
        assertThat(node.bot("together-1").get("flags")).isEmpty();
        assertThat(steer("/v1/bots/resume?tag=nobody-has-this", "")).isEqualTo("{\"bots\":0}");

        Awaitility.await()
                .atMost(WAIT)
                .until(() -> steer("/v1/queues/together-in/readers/pause", "").equals("{\"bots\":2}"));
        assertThat(node.bot("together-2").get("flags").get(0).asText()).isEqualTo("paused");
        assertThat(steer("/v1/queues/together-in/readers/resume", "")).isEqualTo("{\"bots\":2}");
        assertThat(node.bot("together-2").get("flags")).isEmpty();
    }

    private static String steer(String path, String body) {
        var response = node.send("POST", path, body);
        WholeNode.ok(response);
        return response.body();
    }

    @Test
    void aChainOfBotsCopiesEverythingOnceAndInOrder() {
        node.copy("chain-one", "chain-b", "chain-a");
        node.copy("chain-two", "chain-c", "chain-b");
        for (int i = 0; i < 10; i++) {
            node.put("chain-a", i * 1_000, 1_000);
        }

        node.awaitEvents("chain-c", 10_000);

        List<JsonNode> copied = node.read("chain-c");
        assertThat(WholeNode.payloads(copied)).isEqualTo(WholeNode.numbers(10_000));
        List<JsonNode> middle = node.read("chain-b");
        assertThat(WholeNode.payloads(middle)).isEqualTo(WholeNode.numbers(10_000));
        JsonNode last = copied.get(9_999);
        assertThat(last.get("id").asText()).isEqualTo("chain-two");
        assertThat(last.get("correlation_id").get("source").asText()).isEqualTo("chain-b");
        assertThat(last.get("correlation_id").get("start"))
                .isEqualTo(middle.get(9_999).get("eid"));
        assertThat(last.get("event_source_timestamp"))
                .isEqualTo(node.read("chain-a").get(9_999).get("timestamp"));
        node.awaitTail("chain-two", "chain-b");
        JsonNode bot = node.bot("chain-two");
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
        node.copy("again", "again-b", "again-a");
        node.put("again-a", 0, 3_000);
        node.awaitEvents("again-b", 3_000);

        WholeNode.ok(node.send(
                "PUT", "/v1/bots/again/checkpoints/again-a", "{\"position\":\"beginning\",\"reason\":\"test\"}"));

        node.awaitEvents("again-b", 6_000);
        node.awaitTail("again", "again-a");
        List<Integer> twice = new ArrayList<>(WholeNode.numbers(3_000));
        twice.addAll(WholeNode.numbers(3_000));
        assertThat(WholeNode.payloads(node.read("again-b"))).isEqualTo(twice);
    }

    @Test
    void killsDuringTheLoadLeaveNoGapAndNoDouble() {
        node.copy("killed", "killed-b", "killed-a");
        for (int i = 0; i < 5; i++) {
            node.put("killed-a", i * 2_000, 2_000);
            Awaitility.await().atMost(WAIT).until(() -> node.bot("killed").has("run"));
            WholeNode.ok(node.send("POST", "/v1/bots/killed/kill", ""));
        }

        node.awaitEvents("killed-b", 10_000);
        node.awaitTail("killed", "killed-a");

        assertThat(WholeNode.payloads(node.read("killed-b"))).isEqualTo(WholeNode.numbers(10_000));
        // How much was left for the run after the last kill is a matter of speed; that kills hit runs is not.
        assertThat(node.send("GET", "/v1/bots/killed/runs", null).body().split("\"killed\"", -1))
                .as("outcomes of runs")
                .hasSizeGreaterThan(3);
    }

    @Test
    void allTriggersOfABotAreReadEachInItsOrder() {
        node.copy("join", "join-out", "join-x", "join-y", "join-z");
        for (int i = 0; i < 5; i++) {
            node.put("join-x", i * 200, 200);
            node.put("join-y", i * 200, 200);
            node.put("join-z", i * 200, 200);
        }

        node.awaitEvents("join-out", 3_000);

        Map<String, List<Integer>> bySource = node.read("join-out").stream()
                .collect(Collectors.groupingBy(
                        event -> event.get("correlation_id").get("source").asText(),
                        Collectors.mapping(event -> event.get("payload").asInt(), Collectors.toList())));
        assertThat(bySource)
                .isEqualTo(Map.of(
                        "join-x",
                        WholeNode.numbers(1_000),
                        "join-y",
                        WholeNode.numbers(1_000),
                        "join-z",
                        WholeNode.numbers(1_000)));
    }

    @Test
    void aPausedBotRestsUntilItIsResumed() {
        node.copy("rests", "rests-b", "rests-a");
        WholeNode.ok(node.send("POST", "/v1/bots/rests/pause", "{\"reason\":\"lunch\"}"));
        node.put("rests-a", 0, 10);
        Awaitility.await().during(Duration.ofMillis(800)).until(() -> node.events("rests-b") == 0);
        assertThat(node.bot("rests").get("flags").toString()).contains("paused");

        WholeNode.ok(node.send("POST", "/v1/bots/rests/resume", ""));

        node.awaitEvents("rests-b", 10);
    }
}
