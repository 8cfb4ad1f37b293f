package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is done to a bot with lanes, and what is told of it: replays, dead letters, undo, explanations, runs, lists. */
class LaneActionsIT {
    private static final Duration WAIT = Duration.ofMinutes(2);
    private static final int KEYS = 40;
    private static WholeNode node;

    @BeforeAll
    static void start() {
        Poisoned.HEALED.set(false);
        node = WholeNode.start(Map.of("millrace.bot.linger", "200ms"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpResponse<String> register(String bot, String triggers, String to, int lanes) {
        return node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":" + triggers + ",\"lanes\":" + lanes
                        + ",\"laneKey\":\"/key\",\"handler\":{\"type\":\"java\","
                        + "\"class\":\"io.millrace.node.Keyed\",\"settings\":{\"to\":\"" + to + "\"}}}");
    }

    private static void given(String bot, String from, String to, int lanes, int events) {
        put(from, 0, events);
        WholeNode.ok(register(bot, "[\"" + from + "\"]", to, lanes));
        node.awaitEvents(to, events);
        awaitRest(bot, from);
    }

    private static void put(String queue, int from, int to) {
        String lines = IntStream.range(from, to)
                .mapToObj(i -> "{\"payload\":{\"key\":\"k" + i % KEYS + "\",\"n\":" + i / KEYS + "}}\n")
                .collect(Collectors.joining());
        WholeNode.ok(node.send("POST", "/v1/queues/" + queue + "/events", lines));
    }

    /** All lanes are at the end of the queue, and none runs. */
    private static void awaitRest(String bot, String queue) {
        Awaitility.await().atMost(WAIT).until(() -> {
            JsonNode info = node.bot(bot);
            return info.at("/lag/" + queue + "/events").asLong(-1) == 0
                    && !info.get("flags").toString().contains("running");
        });
    }

    private static JsonNode get(String path) {
        HttpResponse<String> response = node.send("GET", path, null);
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private static JsonNode post(String path, String body) {
        HttpResponse<String> response = node.send("POST", path, body);
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private static Map<String, List<Integer>> byKey(String queue) {
        Map<String, List<Integer>> byKey = new HashMap<>();
        for (JsonNode event : node.read(queue)) {
            JsonNode payload = event.get("payload");
            byKey.computeIfAbsent(payload.get("key").asText(), key -> new ArrayList<>())
                    .add(payload.get("n").asInt());
        }
        return byKey;
    }

    private static JsonNode replay(String bot, String queue, String rate) {
        JsonNode plan = post(
                "/v1/replays",
                "{\"bot\":\"" + bot + "\",\"queue\":\"" + queue + "\",\"after\":\"beginning\"" + rate + "}");
        return post("/v1/replays/" + plan.get("id").asText() + "/start", "{}");
    }

    private static JsonNode awaitReplay(JsonNode replay, String state) {
        String path = "/v1/replays/" + replay.get("id").asText();
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> get(path).get("state").asText().equals(state));
        return get(path);
    }

    @Test
    void aRangeIsReplayedByAllLanesInTheOrderOfEachKeyWhileTheirNumberChanges() {
        given("again", "a-in", "a-out", 4, 2_000);

        JsonNode replay = replay("again", "a-in", ",\"rate\":500");
        Awaitility.await().atMost(WAIT).until(() -> node.events("a-out") >= 2_300);
        WholeNode.ok(register("again", "[\"a-in\"]", "a-out", 2));
        put("a-in", 2_000, 2_400);
        JsonNode done = awaitReplay(replay, "done");

        node.awaitEvents("a-out", 4_400);
        awaitRest("again", "a-in");
        assertThat(done.get("copied").asLong()).isEqualTo(2_000);
        assertThat(done.get("handled").asLong()).isEqualTo(2_000);
        assertThat(node.bot("again").get("lanes")).hasSize(2);
        byKey("a-out").forEach((key, numbers) -> {
            List<Integer> second = new ArrayList<>(numbers.subList(50, numbers.size()));
            assertThat(numbers.subList(0, 50)).as(key).isEqualTo(WholeNode.numbers(50));
            // What came meanwhile is in its order too, beside the replay.
            List<Integer> fresh = second.stream().filter(n -> n >= 50).toList();
            second.removeAll(fresh);
            assertThat(second).as(key).isEqualTo(WholeNode.numbers(50));
            assertThat(fresh).as(key).isEqualTo(IntStream.range(50, 60).boxed().toList());
        });
        Awaitility.await().atMost(WAIT).until(() -> node.events(done.get("into").asText()) == 0);
    }

    @Test
    void aReplayOfLanesIsCancelledAndTheyGoOn() {
        given("stopped", "c-in", "c-out", 3, 600);

        JsonNode replay = replay("stopped", "c-in", ",\"rate\":40");
        Awaitility.await().atMost(WAIT).until(() -> node.events("c-out") >= 620);
        JsonNode cancelled = post("/v1/replays/" + replay.get("id").asText() + "/cancel", "{}");
        assertThat(cancelled.get("state").asText()).isEqualTo("cancelled");
        assertThat(cancelled.get("handled").asLong()).isLessThan(600);

        put("c-in", 600, 640);
        awaitRest("stopped", "c-in");
        assertThat(node.events("c-out")).isLessThan(1_200);
        JsonNode next = replay("stopped", "c-in", "");
        assertThat(awaitReplay(next, "done").get("copied").asLong()).isEqualTo(640);
        assertThat(byKey("c-out").get("k0")).contains(15);
    }

    @Test
    void aMoveOfAllLanesIsInTheLedgerAndUndoneToWhereTheyWere() {
        given("moved", "m-in", "m-out", 4, 400);
        String last = get("/v1/queues/m-in").get("last").asText();
        post("/v1/bots/moved/pause", "{}");

        WholeNode.ok(
                node.send("PUT", "/v1/bots/moved/checkpoints/m-in", "{\"position\":\"beginning\",\"by\":\"ann\"}"));
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("moved").at("/lag/m-in/events").asLong() == 400);
        JsonNode move = get("/v1/bots/moved/checkpoints").get("moves").get(0);
        assertThat(move.get("from").asText()).isEqualTo(last);
        assertThat(move.has("lane")).isFalse();

        post("/v1/bots/moved/checkpoints/m-in/undo", "{\"entry\":" + move.get("entry") + "}");
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("moved")
                        .at("/checkpoints/read/m-in/checkpoint")
                        .asText()
                        .equals(last));
        post("/v1/bots/moved/resume", "{}");
        put("m-in", 400, 410);
        node.awaitEvents("m-out", 410);
    }

    @Test
    void deadLettersOfAllLanesAreInOneQueueAndRedrivenThroughThem() {
        node.put("d-in", 0, 40);
        WholeNode.ok(
                node.send(
                        "PUT",
                        "/v1/bots/deadly",
                        "{\"triggers\":[\"d-in\"],\"retry\":{\"attempts\":1},\"lanes\":4,\"laneKey\":\"\",\"handler\":{\"type\":"
                                + "\"java\",\"class\":\"io.millrace.node.Poisoned\",\"settings\":{\"to\":\"d-out\",\"tens\":true}}}"));
        node.awaitEvents("d-out", 37);
        node.awaitEvents("deadly.dead", 3);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("deadly").at("/failing/deadLettered").asLong() == 3);

        Poisoned.HEALED.set(true);
        assertThat(post("/v1/bots/deadly/dead/redrive", "{\"all\":true}")
                        .get("events")
                        .asInt())
                .isEqualTo(3);
        node.awaitEvents("d-out", 40);
        assertThat(post("/v1/bots/deadly/dead/redrive", "{\"all\":true}")
                        .get("events")
                        .asInt())
                .isZero();
    }

    @Test
    void runsAndListsTellOfLanesAsTheBotItselfDoes() {
        given("seen", "l-in", "l-out", 3, 600);

        Awaitility.await().atMost(WAIT).untilAsserted(() -> {
            JsonNode runs = get("/v1/bots/seen/runs").get("runs");
            assertThat(StreamSupport.stream(runs.spliterator(), false)
                            .map(run -> run.path("lane").asInt(-1))
                            .collect(Collectors.toSet()))
                    .contains(0, 1, 2);
            long records = 0;
            for (JsonNode run : runs) {
                records += run.get("records").asLong();
            }
            assertThat(records).isEqualTo(600);
            assertThat(runs.toString()).contains("\"queues\":{\"l-in\"");
        });
        Awaitility.await().atMost(WAIT).untilAsserted(() -> {
            JsonNode listed = get("/v1/bots?prefix=seen&limit=10").get("bots").get(0);
            JsonNode itself = node.bot("seen");
            assertThat(listed.get("lanes")).hasSize(3);
            assertThat(listed.get("checkpoints")).isEqualTo(itself.get("checkpoints"));
            assertThat(listed.get("runs")).isEqualTo(itself.get("runs"));
            assertThat(listed.get("lag")).isEqualTo(itself.get("lag"));
            assertThat(listed.at("/rates/hour/read").asLong()).isEqualTo(600);
            assertThat(listed.at("/rates/hour/written").asLong()).isEqualTo(600);
            assertThat(listed.has("asOf")).isTrue();
        });
        assertThat(get("/v1/bots?limit=100").toString()).doesNotContain("lane-");
    }

    @Test
    void itIsExplainedWhatHoldsUpAChangeAndWhatCannotBeLeftOutIsRefused() {
        put("e-in", 0, 400);
        WholeNode.ok(register("held", "[\"e-in\",\"e-more\"]", "e-out", 3));
        node.awaitEvents("e-out", 400);
        awaitRest("held", "e-in");
        JsonNode well = get("/v1/bots/held/explain");
        assertThat(well.get("because").asText())
                .isEqualTo("No events wait for it: it has read its trigger queues to the end.");
        assertThat(well.toString()).contains("3 lanes by /key share its events").contains("lane:2");

        HttpResponse<String> left = register("held", "[\"e-in\"]", "e-out", 5);
        assertThat(left.statusCode()).isEqualTo(422);
        assertThat(left.body()).contains("/triggers").contains("e-more");

        post("/v1/bots/held/pause", "{\"reason\":\"a rest\"}");
        assertThat(get("/v1/bots/held/explain").get("because").asText()).contains("a rest");
        WholeNode.ok(register("held", "[\"e-in\",\"e-more\"]", "e-out", 1));
        Awaitility.await().atMost(WAIT).until(() -> !node.bot("held").has("lanes"));
        WholeNode.ok(register("held", "[\"e-in\"]", "e-out", 1));
        post("/v1/bots/held/resume", "{}");
        put("e-in", 400, 440);
        node.awaitEvents("e-out", 440);
    }
}
