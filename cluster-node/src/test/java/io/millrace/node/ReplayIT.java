package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.application.SkewedClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ranges that bots handle again: on a whole node, over HTTP. */
class ReplayIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static SkewedClock clock;
    private static WholeNode node;

    @BeforeAll
    static void start() {
        clock = new SkewedClock();
        node = WholeNode.start(Map.of("millrace.bot.linger", "200ms"), signals -> signals, clock);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aPlanSaysWhatItWouldBeAndDoesNothing() {
        node.put("p", 0, 20);
        node.copy("planned", "p1", "p");
        node.copy("behind", "p2", "p1");
        node.awaitEvents("p2", 20);
        List<JsonNode> events = node.read("p");

        JsonNode plan = plan("planned", "p", eid(events.get(4)), eid(events.get(14)), ",\"rate\":5,\"by\":\"ann\"");

        assertThat(plan.get("state").asText()).isEqualTo("planned");
        assertThat(plan.get("events").asLong()).isEqualTo(10);
        assertThat(plan.get("bytes").asLong()).isPositive();
        assertThat(Duration.parse(plan.get("estimatedTime").asText())).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(texts(plan.get("downstream").get("queues"))).containsExactly("p1", "p2");
        assertThat(texts(plan.get("downstream").get("bots"))).containsExactly("behind");
        assertThat(plan.get("downstream").get("complete").asBoolean()).isTrue();
        assertThat(plan.get("by").asText()).isEqualTo("ann");
        assertThat(plan.has("startedAt")).isFalse();
        assertThat(replay(plan)).isEqualTo(without(plan, "downstream"));
        assertThat(node.events("p1")).isEqualTo(20);
    }

    @Test
    void aRangeIsHandledAgainBesideThePositionAndItsOutputComesOnce() {
        node.put("o", 0, 3_000);
        node.copy("again", "o-out", "o");
        node.awaitEvents("o-out", 3_000);
        node.awaitTail("again", "o");
        List<JsonNode> events = node.read("o");
        String position = position("again", "o");

        JsonNode plan = plan("again", "o", eid(events.get(99)), eid(events.get(2_599)), "");
        ok(act(plan, "start"));
        node.put("o", 3_000, 10);
        JsonNode done = awaitState(plan, "done");

        node.awaitEvents("o-out", 3_000 + 2_500 + 10);
        node.awaitTail("again", "o");
        List<Integer> expected = new ArrayList<>(WholeNode.numbers(3_010));
        IntStream.range(100, 2_600).forEach(expected::add);
        Collections.sort(expected);
        List<Integer> got = new ArrayList<>(WholeNode.payloads(node.read("o-out")));
        Collections.sort(got);
        assertThat(got).isEqualTo(expected);
        assertThat(position("again", "o")).isGreaterThan(position);
        assertThat(done.get("copied").asLong()).isEqualTo(2_500);
        assertThat(done.get("handled").asLong()).isEqualTo(2_500);
        assertThat(moves("again")).as("no checkpoint was moved").isEmpty();
        Awaitility.await().atMost(WAIT).until(() -> node.events(done.get("into").asText()) == 0);

        JsonNode once = plan("again", "o", eid(events.get(99)), eid(events.get(100)), "");
        ok(act(once, "start"));
        awaitState(once, "done");
        node.awaitEvents("o-out", 5_511);
    }

    @Test
    void aReplayAndTheUsualRunsAreNeverTwoAtOnce() {
        node.put("a", 0, 300);
        node.javaBot("alone", "io.millrace.node.Alone", "{}", "a");
        node.awaitTail("alone", "a");

        JsonNode plan = plan("alone", "a", "beginning", "now", "");
        ok(act(plan, "start"));
        for (int i = 0; i < 20; i++) {
            node.put("a", 300 + i, 1);
        }
        awaitState(plan, "done");
        node.awaitTail("alone", "a");

        assertThat(Alone.HANDLED.get()).isEqualTo(300 + 300 + 20);
        assertThat(Alone.GREATEST.get()).isEqualTo(1);
    }

    @Test
    void itGoesAsSlowlyAsItIsToldAndIsCancelled() {
        node.put("s", 0, 100);
        node.copy("slow", "s-out", "s");
        node.awaitTail("slow", "s");
        JsonNode plan = plan("slow", "s", "beginning", "now", ",\"rate\":10");
        long began = System.nanoTime();

        ok(act(plan, "start"));
        Awaitility.await().atMost(WAIT).until(() -> node.events("s-out") >= 130);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(1_900));
        HttpResponse<String> cancelled = act(plan, "cancel");
        ok(cancelled);

        assertThat(WholeNode.json(cancelled.body()).get("state").asText()).isEqualTo("cancelled");
        node.put("s", 100, 1);
        node.awaitTail("slow", "s");
        long after = node.events("s-out");
        assertThat(after).isLessThan(201);
        Awaitility.await().atMost(WAIT).until(() -> node.events("slow.replay.1") == 0);
        assertThat(node.events("s-out")).isEqualTo(after);
        assertThat(act(plan, "start").statusCode()).isEqualTo(409);

        JsonNode other = plan("slow", "s", "beginning", "z/2020", "");
        ok(act(other, "start"));
        assertThat(awaitState(other, "done").get("copied").asLong())
                .as("nothing of the one before, and there was nothing to replay")
                .isZero();
        assertThat(node.events("s-out")).isEqualTo(after);
    }

    @Test
    void whatCantBeIsRefused() {
        node.put("r", 0, 3);
        node.copy("refusing", "r-out", "r");
        node.awaitTail("refusing", "r");

        assertThat(ask("{\"bot\":\"nobody\",\"queue\":\"r\",\"after\":\"beginning\"}")
                        .statusCode())
                .isEqualTo(404);
        assertPointer(ask("{\"bot\":\"refusing\",\"queue\":\"other\",\"after\":\"beginning\"}"), "/queue");
        assertPointer(ask("{\"bot\":\"refusing\",\"queue\":\"r\",\"after\":\"beginning\",\"rate\":0}"), "/rate");
        assertPointer(
                ask("{\"bot\":\"refusing\",\"queue\":\"r\",\"after\":\"now\",\"until\":\"beginning\"}"), "/until");
        assertPointer(ask("{\"bot\":\"no bot\",\"queue\":\"r\",\"after\":\"now\"}"), "/bot");
        assertThat(ask("{\"bot\":\"refusing\",\"queue\":\"r\",\"after\":\"yesterday\"}")
                        .statusCode())
                .isEqualTo(400);
        for (String id : List.of("7-refusing", "1-nobody", "nothing", "-refusing", "x-refusing")) {
            assertThat(node.send("GET", "/v1/replays/" + id, null).statusCode())
                    .as(id)
                    .isEqualTo(404);
        }
        assertThat(node.send("GET", "/v1/replays", null).statusCode()).isEqualTo(400);

        JsonNode first = plan("refusing", "r", "beginning", "now", ",\"rate\":1");
        JsonNode second = plan("refusing", "r", "beginning", "now", "");
        ok(act(first, "start"));
        assertThat(act(first, "start").statusCode()).isEqualTo(409);
        assertThat(act(second, "start").statusCode()).as("one at a time").isEqualTo(409);
        ok(act(first, "cancel"));
        clock.advance(Duration.ofMinutes(16));
        assertThat(act(second, "start").statusCode()).as("expired").isEqualTo(409);
        JsonNode all = WholeNode.json(
                        node.send("GET", "/v1/replays?bot=refusing", null).body())
                .get("replays");
        assertThat(all).hasSize(2);
        assertThat(all.get(0).get("state").asText()).isEqualTo("expired");
        assertThat(all.get(1).get("state").asText()).isEqualTo("cancelled");
    }

    private static JsonNode plan(String bot, String queue, String after, String until, String more) {
        HttpResponse<String> planned = ask("{\"bot\":\"" + bot + "\",\"queue\":\"" + queue + "\",\"after\":\"" + after
                + "\",\"until\":\"" + until + "\"" + more + "}");
        assertThat(planned.statusCode()).as(planned.body()).isEqualTo(201);
        return WholeNode.json(planned.body());
    }

    private static HttpResponse<String> ask(String body) {
        return node.send("POST", "/v1/replays", body);
    }

    private static HttpResponse<String> act(JsonNode plan, String action) {
        return node.send("POST", "/v1/replays/" + plan.get("id").asText() + "/" + action, null);
    }

    private static JsonNode replay(JsonNode plan) {
        HttpResponse<String> response =
                node.send("GET", "/v1/replays/" + plan.get("id").asText(), null);
        ok(response);
        return WholeNode.json(response.body());
    }

    private static JsonNode awaitState(JsonNode plan, String state) {
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> replay(plan).get("state").asText().equals(state));
        return replay(plan);
    }

    private static void assertPointer(HttpResponse<String> refused, String pointer) {
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(WholeNode.json(refused.body())
                        .get("errors")
                        .get(0)
                        .get("pointer")
                        .asText())
                .isEqualTo(pointer);
    }

    private static void ok(HttpResponse<String> response) {
        WholeNode.ok(response);
    }

    private static JsonNode without(JsonNode node, String field) {
        com.fasterxml.jackson.databind.node.ObjectNode copy = node.deepCopy();
        copy.remove(field);
        return copy;
    }

    private static String eid(JsonNode event) {
        return event.get("eid").asText();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String position(String bot, String queue) {
        return node.bot(bot)
                .get("checkpoints")
                .get("read")
                .get(queue)
                .get("checkpoint")
                .asText();
    }

    private static JsonNode moves(String bot) {
        return WholeNode.json(node.send("GET", "/v1/bots/" + bot + "/checkpoints", null)
                        .body())
                .get("moves");
    }
}
