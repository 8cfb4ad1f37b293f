package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes on a whole node and a real Cassandra: java handlers, and their number changed while events flow. */
class LanesIT {
    private static final Duration WAIT = Duration.ofMinutes(2);
    private static final int KEYS = 40;

    private final Map<String, Object> settings =
            Map.of("millrace.cassandra.keyspace", TestCassandra.shared().newKeyspace(), "millrace.bot.linger", "200ms");
    private WholeNode node;

    @BeforeEach
    void start() {
        Keyed.CALLS.clear();
        node = WholeNode.start(settings);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private HttpResponse<String> register(String bot, String from, String to, int lanes, long slow) {
        return node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + from + "\"],\"batch\":{\"count\":20},"
                        + (lanes == 0 ? "" : "\"lanes\":" + lanes + ",\"laneKey\":\"/key\",")
                        + "\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Keyed\",\"settings\":{\"to\":\""
                        + to
                        + "\",\"slow\":" + slow + "}}}");
    }

    /** Events {@code from} up to {@code to}, each of one of forty keys, which counts its own. */
    private void put(String queue, int from, int to) {
        String lines = IntStream.range(from, to)
                .mapToObj(i -> "{\"payload\":{\"key\":\"k" + i % KEYS + "\",\"n\":" + i / KEYS + "}}\n")
                .collect(Collectors.joining());
        WholeNode.ok(node.send("POST", "/v1/queues/" + queue + "/events", lines));
    }

    /** Puts so many events every so many ms until told to end; gives how many there are. */
    private CompletableFuture<Integer> flow(String queue, int events, int everyMillis, AtomicBoolean ends) {
        return CompletableFuture.supplyAsync(() -> {
            int count = 0;
            while (!ends.get()) {
                put(queue, count, count + events);
                count += events;
                try {
                    Thread.sleep(everyMillis);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return count;
        });
    }

    /** All events are in the queue once, those of each key in their order. */
    private void assertWhole(String queue, int events) {
        node.awaitEvents(queue, events);
        Map<String, List<Integer>> byKey = new HashMap<>();
        for (JsonNode event : node.read(queue)) {
            JsonNode payload = event.get("payload");
            byKey.computeIfAbsent(payload.get("key").asText(), key -> new ArrayList<>())
                    .add(payload.get("n").asInt());
        }
        byKey.forEach((key, numbers) -> assertThat(numbers)
                .as(key)
                .isEqualTo(IntStream.range(0, numbers.size()).boxed().toList()));
    }

    /** No two calls for one key at the same time, and each key's calls by one lane between two changes. */
    private static void assertOneAtATime(String bot) {
        Map<String, List<Keyed.Call>> byKey = new HashMap<>();
        for (Keyed.Call call : Keyed.CALLS.get(bot)) {
            call.keys()
                    .forEach(key ->
                            byKey.computeIfAbsent(key, any -> new ArrayList<>()).add(call));
        }
        byKey.forEach((key, calls) -> {
            calls.sort(java.util.Comparator.comparingLong(Keyed.Call::began));
            for (int i = 1; i < calls.size(); i++) {
                assertThat(calls.get(i).began())
                        .as(key)
                        .isGreaterThanOrEqualTo(calls.get(i - 1).ended());
            }
        });
    }

    private void awaitLanes(String bot, int count) {
        Awaitility.await().atMost(WAIT).until(() -> {
            JsonNode lanes = node.bot(bot).path("lanes");
            return (count == 1 ? !lanes.isArray() : lanes.size() == count)
                    && !lanes.toString().contains("\"retired\"");
        });
    }

    private void killOften(String bot, int everyMillis, CompletableFuture<?> until) {
        while (!until.isDone()) {
            WholeNode.ok(node.send("POST", "/v1/bots/" + bot + "/kill", null));
            try {
                Thread.sleep(everyMillis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void eightLanesShareTheEventsAndKeepTheOrderOfEachKey() {
        put("in8", 0, 2_000);
        WholeNode.ok(register("eight", "in8", "out8", 8, 5));
        put("in8", 2_000, 4_000);

        assertWhole("out8", 4_000);
        assertOneAtATime("eight");
        assertThat(node.read("out8").stream()
                        .map(event -> event.get("id").asText())
                        .distinct())
                .containsExactly("eight");
        Awaitility.await().atMost(WAIT).untilAsserted(() -> {
            JsonNode bot = node.bot("eight");
            JsonNode last = WholeNode.json(
                            node.send("GET", "/v1/queues/in8", null).body())
                    .get("last");
            assertThat(bot.get("laneCount").asInt()).isEqualTo(8);
            assertThat(bot.get("lanes")).hasSize(8);
            assertThat(bot.at("/checkpoints/read/in8/checkpoint")).isEqualTo(last);
            assertThat(bot.at("/checkpoints/read/in8/records").asInt()).isEqualTo(4_000);
            assertThat(bot.at("/checkpoints/write/out8/records").asInt()).isEqualTo(4_000);
            assertThat(bot.at("/lag/in8/events").asInt()).isZero();
        });
        assertThat(WholeNode.json(node.send("GET", "/v1/queues/in8", null).body())
                        .get("readers"))
                .extracting(JsonNode::asText)
                .containsExactly("eight");
        assertThat(node.send("GET", "/v1/bots/eight.lane-0", null).statusCode()).isEqualTo(404);
        assertThat(WholeNode.json(node.send("GET", "/v1/bots", null).body()).get("bots"))
                .hasSize(1);
        assertThat(WholeNode.json(node.send("GET", "/v1/bots/eight/runs", null).body())
                        .get("runs"))
                .isNotEmpty();
    }

    @Test
    void theirNumberChangesWhileEventsFlowAndRunsAreKilled() {
        WholeNode.ok(register("change", "in", "out", 8, 3));
        awaitLanes("change", 8);
        AtomicBoolean ends = new AtomicBoolean();
        CompletableFuture<Integer> flow = flow("in", 100, 50, ends);
        CompletableFuture<?> kills = CompletableFuture.runAsync(() -> killOften("change", 1_500, flow));
        for (int lanes : new int[] {3, 5, 1, 4}) {
            node.awaitMore("out", 1_000);
            WholeNode.ok(register("change", "in", "out", lanes, 3));
            awaitLanes("change", lanes);
        }
        ends.set(true);
        kills.join();

        assertWhole("out", flow.join());
    }

    /** Only runs that come to their end between two kills write a checkpoint: no run lives for the second after which it would. */
    @Test
    void theirNumberChangesThoughNoRunLivesForHalfASecond() {
        node.close();
        Map<String, Object> quick = new HashMap<>(settings);
        quick.put("millrace.bot.linger", "20ms");
        node = WholeNode.start(quick);
        WholeNode.ok(register("short", "short", "short-out", 8, 1));
        awaitLanes("short", 8);
        AtomicBoolean ends = new AtomicBoolean();
        CompletableFuture<Integer> flow = flow("short", 40, 250, ends);
        CompletableFuture<?> kills = CompletableFuture.runAsync(() -> killOften("short", 400, flow));
        for (int lanes : new int[] {3, 5, 1, 4, 8, 2}) {
            node.awaitMore("short-out", 200);
            WholeNode.ok(register("short", "short", "short-out", lanes, 1));
            awaitLanes("short", lanes);
        }
        ends.set(true);
        kills.join();

        assertWhole("short-out", flow.join());
        assertThat(WholeNode.json(node.send("GET", "/v1/bots/short/runs", null).body())
                        .toString())
                .contains("killed");
    }

    @Test
    void aBotThatHadNoneGetsLanesAndLosesThemAcrossRestarts() {
        put("plain", 0, 1_000);
        WholeNode.ok(register("grown", "plain", "grown-out", 0, 2));
        node.awaitMore("grown-out", 200);
        WholeNode.ok(register("grown", "plain", "grown-out", 6, 2));
        put("plain", 1_000, 2_000);
        node.close();
        node = WholeNode.start(settings);
        node.awaitMore("grown-out", 200);
        WholeNode.ok(register("grown", "plain", "grown-out", 0, 2));
        node.close();
        node = WholeNode.start(settings);
        put("plain", 2_000, 3_000);

        assertWhole("grown-out", 3_000);
        awaitLanes("grown", 1);
    }

    @Test
    void allLanesArePausedResumedMovedAndArchivedWithTheirBot() {
        WholeNode.ok(register("steered", "s-in", "s-out", 4, 0));
        awaitLanes("steered", 4);
        put("s-in", 0, 400);
        node.awaitEvents("s-out", 400);

        WholeNode.ok(node.send("POST", "/v1/bots/steered/pause", "{\"reason\":\"a rest\"}"));
        Awaitility.await().atMost(WAIT).until(() -> allLanes("steered", "paused"));
        put("s-in", 400, 800);
        assertThat(node.bot("steered").get("flags").toString()).contains("paused");
        WholeNode.ok(node.send("POST", "/v1/bots/steered/resume", null));
        node.awaitEvents("s-out", 800);

        WholeNode.ok(node.send(
                "PUT", "/v1/bots/steered/checkpoints/s-in", "{\"position\":\"beginning\",\"reason\":\"once more\"}"));
        node.awaitEvents("s-out", 1_600);

        WholeNode.ok(node.send("DELETE", "/v1/bots/steered", null));
        Awaitility.await().atMost(WAIT).until(() -> allLanes("steered", "archived"));
        put("s-in", 800, 1_200);
        WholeNode.ok(register("steered", "s-in", "s-out", 4, 0));
        node.awaitEvents("s-out", 2_000);
    }

    private boolean allLanes(String bot, String flag) {
        for (JsonNode lane : node.bot(bot).get("lanes")) {
            if (!lane.get("flags").toString().contains(flag)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void whatCannotHaveLanesIsRefusedWithAPointer() {
        String worker = "\"handler\":{\"type\":\"worker\"}";
        assertThat(refusal("{\"lanes\":2,\"triggers\":[\"a\"]," + worker + "}")).contains("/laneKey");
        assertThat(refusal("{\"lanes\":2,\"laneKey\":\"/k\"," + worker + "}")).contains("/triggers");
        assertThat(refusal("{\"lanes\":65,\"laneKey\":\"/k\",\"triggers\":[\"a\"]," + worker + "}"))
                .contains("/lanes");
        assertThat(refusal("{\"lanes\":2,\"laneKey\":\"k\",\"triggers\":[\"a\"]," + worker + "}"))
                .contains("/laneKey");
        assertThat(refusal("{\"lanes\":2,\"laneKey\":\"/k\",\"triggers\":[\"a\"],\"schedule\":\"0 9 * * *\"," + worker
                        + "}"))
                .contains("/schedule");
        assertThat(refusal(
                        "{\"lanes\":2,\"laneKey\":\"/k\",\"triggers\":[\"a\"],\"handler\":{\"type\":\"java\",\"class\":"
                                + "\"reduce\",\"settings\":{\"to\":\"b\",\"key\":\"/payload/k\",\"window\":{\"count\":3},"
                                + "\"result\":{\"n\":{\"fold\":\"count\"}}}}}"))
                .contains("/lanes");
        assertThat(node.send("PUT", "/v1/bots/x.lane-3", "{" + worker + "}").statusCode())
                .isEqualTo(422);
    }

    private String refusal(String registration) {
        HttpResponse<String> response = node.send("PUT", "/v1/bots/refused", registration);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        return WholeNode.json(response.body()).get("errors").toString();
    }
}
