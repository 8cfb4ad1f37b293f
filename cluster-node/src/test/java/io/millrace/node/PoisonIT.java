package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that no handler can get past, on a whole node. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class PoisonIT {
    private static final Duration WAIT = Duration.ofSeconds(90);
    private final String keyspace = TestCassandra.shared().newKeyspace();
    private final Map<String, Object> settings =
            Map.of("millrace.cassandra.keyspace", keyspace, "millrace.bot.linger", "200ms");

    private WholeNode node;

    @BeforeEach
    void start() {
        Poisoned.HEALED.set(false);
        node = WholeNode.start(settings);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void oneOfTenThousandIsFoundWithFewCallsAndAllOthersAreThroughOnceAndInOrder() {
        node.put("many", 0, 10_000);
        register(
                "bisecting",
                "many",
                "{\"to\":\"copied\",\"fails\":7777}",
                "\"retry\":{\"attempts\":3,\"backoff\":\"PT0.1S\"}");

        node.awaitEvents("copied", 9_999);
        node.awaitEvents("bisecting.dead", 1);
        assertThat(numbers("copied"))
                .containsExactlyElementsOf(IntStream.range(0, 10_000)
                        .filter(i -> i != 7_777)
                        .boxed()
                        .toList());
        JsonNode letter = node.read("bisecting.dead").get(0).get("payload");
        assertThat(letter.get("payload").asInt()).isEqualTo(7_777);
        assertThat(letter.get("error").asText()).isEqualTo("can't  7777");
        assertThat(letter.get("attempts").asInt()).isEqualTo(3);
        assertThat(letter.get("queue").asText()).isEqualTo("many");
        assertThat(letter.get("eid").asText())
                .isEqualTo(node.read("many").get(7_777).get("eid").asText());
        assertThat(letter.get("firstFailedAt").asText())
                .isLessThan(letter.get("lastFailedAt").asText());
        int calls = Objects.requireNonNull(Poisoned.CALLS.get("bisecting")).get();
        System.out.println("calls of the handler for 10,000 events, one of them poison: " + calls);
        assertThat(calls).isLessThan(60);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("bisecting").get("errorCount").asInt() == 0);
    }

    @Test
    void skipPassesStopPausesAndARejectedEventGoesAtOnce() {
        node.put("three", 0, 100);
        String once = "\"retry\":{\"attempts\":1}";
        register("skipping", "three", "{\"to\":\"skipped\",\"fails\":50}", once + ",\"onPoison\":\"skip\"");
        register("stopping", "three", "{\"to\":\"stopped\",\"fails\":50}", once + ",\"onPoison\":\"stop\"");
        register("rejecting", "three", "{\"to\":\"kept\",\"rejects\":50}", "\"retry\":{\"backoff\":\"PT1H\"}");

        node.awaitEvents("skipped", 99);
        node.awaitEvents("kept", 99);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("stopping").toString().contains("\"paused\""));
        assertThat(node.bot("stopping").get("pauseReason").asText())
                .contains("can't")
                .doesNotContain("\n");
        assertThat(numbers("stopped")).hasSize(50);
        assertThat(node.events("skipping.dead")).isZero();
        assertThat(node.read("rejecting.dead")
                        .get(0)
                        .get("payload")
                        .get("attempts")
                        .asInt())
                .isEqualTo(1);

        Poisoned.HEALED.set(true);
        WholeNode.ok(node.send("POST", "/v1/bots/stopping/resume", ""));
        node.awaitEvents("stopped", 100);
    }

    @Test
    void whereEverythingFailsTheBotIsRogueAndTheQueueStaysWhereItIs() {
        node.put("all", 0, 500);
        register(
                "outage",
                "all",
                "{\"to\":\"none\",\"all\":true}",
                "\"retry\":{\"attempts\":3,\"backoff\":\"PT0.01S\"}");

        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("outage").get("state").asText().equals("rogue"));
        assertThat(node.events("outage.dead")).isEqualTo(3);
        assertThat(node.metric("millrace_bots{state=\"rogue\"}")).isEqualTo(1);

        Poisoned.HEALED.set(true);
        WholeNode.ok(node.send("POST", "/v1/bots/outage/resume", ""));
        node.awaitEvents("none", 497);
        Awaitility.await().atMost(WAIT).until(() -> node.metric("millrace_bots{state=\"rogue\"}") == 0);
    }

    private void register(String bot, String trigger, String handler, String more) {
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + trigger + "\"]," + more
                        + ",\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Poisoned\",\"settings\":"
                        + handler
                        + "}}"));
    }

    private List<Integer> numbers(String queue) {
        return node.read(queue).stream()
                .map(event -> event.get("payload").asInt())
                .toList();
    }
}
