package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a whole node tells of how its bots are doing: lag, rates, states, runs, and why they don't run. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class HistoryIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Map<String, Object> SETTINGS =
            Map.of("millrace.cassandra.keyspace", TestCassandra.shared().newKeyspace(), "millrace.bot.linger", "100ms");
    private static WholeNode node;

    @BeforeAll
    static void start() {
        node = WholeNode.start(SETTINGS);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void ratesRunsAndListOutliveTheNode() {
        node.copy("lasting", "lasting-out", "lasting-in");
        node.put("lasting-in", 0, 3_000);
        node.awaitTail("lasting", "lasting-in");

        Awaitility.await().atMost(WAIT).untilAsserted(() -> assertRates(node.bot("lasting")));
        Awaitility.await().atMost(WAIT).untilAsserted(() -> assertRates(listed("lasting", "")));
        JsonNode before = run("lasting", 0);
        node.close();
        node = WholeNode.start(SETTINGS);

        JsonNode listed = listed("lasting", "");
        assertRates(listed);
        assertThat(listed.get("state").asText()).isEqualTo("nominal");
        assertThat(listed.get("lag").get("lasting-in").get("events").asInt()).isZero();
        assertThat(Instant.parse(listed.get("asOf").asText())).isBefore(Instant.now());
        assertThat(listed.get("handler").has("settings")).isFalse();
        assertThat(run("lasting", 0)).isEqualTo(before);
        assertThat(before.get("outcome").asText()).isEqualTo("ok");
        assertThat(before.get("from").asText()).isLessThan(before.get("to").asText());
        JsonNode bot = node.bot("lasting");
        assertRates(bot);
        assertThat(bot.get("writeLag").get("lasting-out").get("seconds").asDouble())
                .isPositive();
        assertThat(bot.get("lag").get("lasting-in").get("catchUp").asText()).isEqualTo("PT0S");
    }

    private static void assertRates(JsonNode bot) {
        JsonNode hour = bot.path("rates").path("hour");
        assertThat(hour.path("read").asInt()).as(bot.toString()).isEqualTo(3_000);
        assertThat(hour.path("written").asInt()).as(bot.toString()).isEqualTo(3_000);
        assertThat(hour.path("runs").asInt())
                .isEqualTo(bot.get("runs").get("total").asInt());
        assertThat(hour.path("errors").asInt()).isZero();
    }

    @Test
    void aRunIsKeptWithItsWayThroughItsQueues() {
        node.copy("way", "way-out", "way-in");
        node.put("way-in", 0, 10);
        node.awaitTail("way", "way-in");

        Awaitility.await().atMost(WAIT).until(() -> run("way", 0).has("queues"));
        JsonNode last = run("way", 0);
        assertThat(last.get("queues").get("way-in").get("to"))
                .isEqualTo(node.bot("way")
                        .get("checkpoints")
                        .get("read")
                        .get("way-in")
                        .get("checkpoint"));
        assertThat(WholeNode.json(node.send("GET", "/v1/bots/way/runs?limit=1", null)
                                .body())
                        .get("runs"))
                .hasSize(1);
    }

    @Test
    void aBotWhoseRunsFailIsInErrorAndFoundByIt() {
        worker("failing", "failing-in");
        node.put("failing-in", 0, 1);
        JsonNode grant = WholeNode.json(node.send("POST", "/v1/bots/failing/runs?wait=20", "{\"worker\":\"w\"}")
                .body());
        WholeNode.ok(node.send(
                "POST",
                "/v1/runs/" + grant.get("run").asText() + "/complete",
                "{\"status\":\"error\",\"message\":\"boom\"}",
                "Millrace-Run",
                grant.get("token").asText()));

        assertThat(node.bot("failing").get("state").asText()).isEqualTo("error");
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(names("error")).contains("failing"));
        assertThat(names("rogue")).isEmpty();
        assertThat(run("failing", 0).get("error").asText()).isEqualTo("boom");
        assertThat(run("failing", 0).get("worker").asText()).isEqualTo("w");
        assertThat(because("failing")).startsWith("It backs off (1 error; the last one: boom)");
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("failing")
                                .path("rates")
                                .path("minute")
                                .path("errors")
                                .asInt()
                        == 1);
    }

    @Test
    void aBotThatIsLateIsWarnedOf() {
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/late",
                "{\"triggers\":[\"late-in\"],\"lag\":{\"source\":\"PT1S\"},\"handler\":{\"type\":\"worker\"}}"));
        node.put("late-in", 0, 7);

        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("late").get("state").asText().equals("warning"));
        JsonNode lag = node.bot("late").get("lag").get("late-in");
        assertThat(lag.get("events").asInt()).isEqualTo(7);
        assertThat(lag.get("seconds").asDouble()).isGreaterThan(1);
        Awaitility.await().atMost(WAIT).until(() -> names("warning").contains("late"));
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> listed("late", "&state=warning")
                                .get("lag")
                                .get("late-in")
                                .get("events")
                                .asInt()
                        == 7);
        assertThat(node.bot("late").get("lagLimits").get("source").asText()).isEqualTo("PT1S");
    }

    @Test
    void explainTellsWhatKeepsABotFromRunning() {
        assertThat(because("nobody")).isEqualTo("There is no bot of this name.");
        worker("why", "why-in");
        assertThat(because("why")).isEqualTo("No events wait for it: it has read its trigger queues to the end.");
        node.put("why-in", 0, 3);
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(because("why")).isEqualTo("No worker asks for its runs; start one."));
        WholeNode.ok(node.send("PUT", "/v1/queues/why-in", "{\"paused\":true}"));
        assertThat(because("why")).isEqualTo("Events wait only in queues that are paused: why-in.");
        WholeNode.ok(node.send("PUT", "/v1/queues/why-in", "{\"paused\":false}"));
        WholeNode.ok(node.send("POST", "/v1/bots/why/pause", "{\"reason\":\"stocktaking\"}"));
        assertThat(because("why")).isEqualTo("It is paused (\"stocktaking\"); resume it.");
        Awaitility.await().atMost(WAIT).until(() -> names("paused").contains("why"));
        WholeNode.ok(node.send("POST", "/v1/bots/why/resume", ""));
        JsonNode grant = WholeNode.json(node.send("POST", "/v1/bots/why/runs?wait=20", "{\"worker\":\"w\"}")
                .body());
        JsonNode told = explain("why");
        assertThat(told.get("running").asBoolean()).isTrue();
        assertThat(told.get("because").asText())
                .startsWith("It is running: run " + grant.get("run").asText() + " of epoch 1 by worker w since ");
        WholeNode.ok(node.send("DELETE", "/v1/bots/why", null));
        assertThat(because("why")).isEqualTo("It is archived; registering it again brings it back.");
    }

    private static void worker(String bot, String trigger) {
        WholeNode.ok(node.send(
                "PUT", "/v1/bots/" + bot, "{\"triggers\":[\"" + trigger + "\"],\"handler\":{\"type\":\"worker\"}}"));
    }

    private static JsonNode explain(String bot) {
        var response = node.send("GET", "/v1/bots/" + bot + "/explain", null);
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private static String because(String bot) {
        return explain(bot).get("because").asText();
    }

    private static JsonNode run(String bot, int index) {
        var response = node.send("GET", "/v1/bots/" + bot + "/runs", null);
        WholeNode.ok(response);
        return WholeNode.json(response.body()).get("runs").get(index);
    }

    private static JsonNode listed(String bot, String query) {
        var response = node.send("GET", "/v1/bots?prefix=" + bot + query, null);
        WholeNode.ok(response);
        JsonNode bots = WholeNode.json(response.body()).get("bots");
        assertThat(bots).as(response.body()).hasSize(1);
        return bots.get(0);
    }

    private static List<String> names(String state) {
        var response = node.send("GET", "/v1/bots?state=" + state, null);
        WholeNode.ok(response);
        return StreamSupport.stream(WholeNode.json(response.body()).get("bots").spliterator(), false)
                .map(bot -> bot.get("bot").asText())
                .toList();
    }
}
