package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of dead letters, on a whole node. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class DeadLettersIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private final Map<String, Object> settings =
            Map.of("millrace.cassandra.keyspace", TestCassandra.shared().newKeyspace(), "millrace.bot.linger", "200ms");
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

    /** Three dead letters: the numbers 10, 20 and 30 among forty. */
    private void given(String bot, String from, String to) {
        node.put(from, 0, 40);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + from + "\"],\"retry\":{\"attempts\":1},\"handler\":{\"type\":\"java\",\"class\":"
                        + "\"io.millrace.node.Poisoned\",\"settings\":{\"to\":\"" + to + "\",\"tens\":true}}}"));
        node.awaitEvents(to, 37);
        node.awaitEvents(bot + ".dead", 3);
    }

    private String letter(String bot, int n) {
        return node.read(bot + ".dead").get(n).get("eid").asText();
    }

    private JsonNode redrive(String bot, String body) {
        HttpResponse<String> response = node.send("POST", "/v1/bots/" + bot + "/dead/redrive", body);
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private int status(String method, String path, @Nullable String body) {
        return node.send(method, path, body).statusCode();
    }

    @Test
    void allGoThroughTheBotOnceThoughAskedForTwiceAndAcrossARestart() {
        given("all", "from-all", "to-all");
        Poisoned.HEALED.set(true);

        assertThat(redrive("all", "{\"all\":true}").get("events").asInt()).isEqualTo(3);
        assertThat(redrive("all", "{\"all\":true}").get("events").asInt()).isZero();
        node.awaitEvents("to-all", 40);
        List<JsonNode> out = node.read("to-all");
        assertThat(out.subList(37, 40).stream()
                        .map(event -> event.get("payload").asInt())
                        .toList())
                .containsExactly(10, 20, 30);
        assertThat(node.read("all.redrive")
                        .get(0)
                        .get("correlation_id")
                        .get("source")
                        .asText())
                .isEqualTo("all.dead");
        assertThat(node.bot("all").get("failing").get("deadLettered").asInt()).isEqualTo(3);

        node.close();
        node = WholeNode.start(settings);
        assertThat(redrive("all", "{\"all\":true}").get("events").asInt()).isZero();
        node.put("from-all", 40, 9);
        node.awaitEvents("to-all", 49);
    }

    @Test
    void oneInAnyOrderOrEditedAndTheRestPurged() {
        given("one", "from-one", "to-one");

        // The last before the first: marks of an order would drop it. Edited ones pass though nothing is healed.
        String edited = "{\"events\":[{\"eid\":\"" + letter("one", 2) + "\",\"payload\":31}]}";
        assertThat(redrive("one", edited).get("events").asInt()).isEqualTo(1);
        node.awaitEvents("to-one", 38);
        Poisoned.HEALED.set(true);
        redrive("one", "{\"eid\":\"" + letter("one", 0) + "\"}");
        node.awaitEvents("to-one", 39);
        assertThat(node.read("to-one").subList(37, 39).stream()
                        .map(event -> event.get("payload").asInt())
                        .toList())
                .containsExactly(31, 10);
        assertThat(status("POST", "/v1/bots/one/dead/redrive", edited)).isEqualTo(409);

        HttpResponse<String> purged = node.send("DELETE", "/v1/bots/one/dead", null);
        WholeNode.ok(purged);
        assertThat(WholeNode.json(purged.body()).get("events").asInt()).isEqualTo(1);
        assertThat(redrive("one", "{\"all\":true}").get("events").asInt()).isZero();
        assertThat(node.events("to-one")).isEqualTo(39);
    }

    @Test
    void whatFailsAgainIsADeadLetterAgain() {
        given("again", "from-again", "to-again");

        redrive("again", "{\"all\":true}");
        node.awaitEvents("again.dead", 6);
        Awaitility.await()
                .atMost(WAIT)
                .until(() ->
                        node.bot("again").get("failing").get("deadLettered").asInt() == 6);
        assertThat(node.read("again.dead").get(5).get("payload").get("payload").asInt())
                .isEqualTo(30);
        Poisoned.HEALED.set(true);
        assertThat(redrive("again", "{\"all\":true}").get("events").asInt()).isEqualTo(3);
        node.awaitEvents("to-again", 40);
    }

    @Test
    void nonsenseIsRefused() {
        given("strict", "from-strict", "to-strict");
        String path = "/v1/bots/strict/dead";
        assertThat(status("POST", path + "/redrive", "{}")).isEqualTo(422);
        assertThat(status("POST", path + "/redrive", "{\"all\":false}")).isEqualTo(422);
        assertThat(status("POST", path + "/redrive", "{\"events\":[]}")).isEqualTo(422);
        assertThat(status("POST", path + "/redrive", "{\"eid\":\"z/2025\"}")).isEqualTo(422);
        String unknown = "z/2023/11/14/22/13/1700000000000-0000000";
        assertThat(status("POST", path + "/redrive", "{\"eid\":\"" + unknown + "\"}"))
                .isEqualTo(404);
        assertThat(status("DELETE", path + "?eid=x", null)).isEqualTo(400);
        assertThat(status("POST", "/v1/bots/nobody/dead/redrive", "{\"all\":true}"))
                .isEqualTo(404);
    }
}
