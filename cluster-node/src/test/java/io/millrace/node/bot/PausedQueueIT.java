package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pausing a queue stops the runs of the bots that it triggers; queues and bots leave memory meanwhile. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class PausedQueueIT {
    private static final Duration WAIT = Duration.ofSeconds(60);

    /** Several times what queues and bots idle before they leave memory. */
    private static final Duration LONG = Duration.ofSeconds(2);

    private static WholeNode node;

    @BeforeAll
    static void start() {
        node = WholeNode.start(Map.of(
                "millrace.bot.passivate-after", "300 ms",
                "millrace.queue.passivate-after", "300 ms",
                "millrace.bot.linger", "100 ms"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatComesMeanwhileIsReadWhenThePauseIsOver() {
        node.copy("sleeper", "sleeper-out", "sleeper-in");
        node.put("sleeper-in", 0, 10);
        node.awaitTail("sleeper", "sleeper-in");

        pause("sleeper-in", true);
        node.put("sleeper-in", 10, 90);
        Awaitility.await().during(LONG).atMost(WAIT).until(() -> node.events("sleeper-out") == 10);
        assertThat(node.bot("sleeper").get("flags")).isEmpty();

        pause("sleeper-in", false);
        node.awaitEvents("sleeper-out", 100);
        assertThat(WholeNode.payloads(node.read("sleeper-out"))).isEqualTo(WholeNode.numbers(100));
    }

    @Test
    void whoHasSeenAllDoesNotRunForTheEndOfAPause() {
        node.copy("done", "done-out", "done-in");
        node.put("done-in", 0, 10);
        node.awaitTail("done", "done-in");
        JsonNode runs = node.bot("done").get("runs");
        pause("done-in", true);
        Awaitility.await().during(LONG).atMost(WAIT).until(() -> node.events("done-out") == 10);

        pause("done-in", false);

        Awaitility.await()
                .during(LONG)
                .atMost(WAIT)
                .until(() -> node.bot("done").get("runs").equals(runs));
    }

    @Test
    void otherTriggersGoOnWithoutIt() {
        node.copy("both", "both-out", "both-held", "both-free");
        node.put("both-held", 0, 1);
        node.awaitEvents("both-out", 1);
        node.awaitTail("both", "both-held");
        pause("both-held", true);

        node.put("both-held", 1, 1);
        node.put("both-free", 2, 1);
        node.awaitEvents("both-out", 2);
        node.awaitTail("both", "both-free");
        Awaitility.await().during(LONG).atMost(WAIT).until(() -> node.events("both-out") == 2);
        assertThat(WholeNode.payloads(node.read("both-out"))).containsExactly(0, 2);

        pause("both-held", false);
        node.awaitEvents("both-out", 3);
    }

    @Test
    void aWorkerIsToldToStopAndGetsItsNextRunWhenThePauseIsOver() {
        node.put("worker-in", 0, 3);
        WholeNode.ok(node.send(
                "PUT", "/v1/bots/worker", "{\"triggers\":[\"worker-in\"],\"handler\":{\"type\":\"worker\"}}"));
        JsonNode run = WholeNode.json(ask(20).body());
        assertThat(heartbeat(run).get("stop").asBoolean()).isFalse();

        pause("worker-in", true);

        Awaitility.await().atMost(WAIT).until(() -> heartbeat(run).get("stop").asBoolean());
        WholeNode.ok(says(run, "complete", "{\"status\":\"ok\"}"));
        assertThat(ask(2).statusCode()).as("events wait, but aren't to be read").isEqualTo(204);

        pause("worker-in", false);
        JsonNode next = WholeNode.json(ask(20).body());
        assertThat(next.get("epoch").asLong()).isEqualTo(2);
        assertThat(heartbeat(next).get("stop").asBoolean()).isFalse();
    }

    private static void pause(String queue, boolean paused) {
        WholeNode.ok(node.send("PUT", "/v1/queues/" + queue, "{\"paused\":" + paused + "}"));
    }

    private static HttpResponse<String> ask(int seconds) {
        return node.send("POST", "/v1/bots/worker/runs?wait=" + seconds, "{\"worker\":\"w\"}");
    }

    private static JsonNode heartbeat(JsonNode run) {
        HttpResponse<String> response = says(run, "heartbeat", "");
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private static HttpResponse<String> says(JsonNode run, String what, String body) {
        return node.send(
                "POST",
                "/v1/runs/" + run.get("run").asText() + "/" + what,
                body,
                "Millrace-Run",
                run.get("token").asText());
    }
}
