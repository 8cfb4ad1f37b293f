package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checkpoints as administrators move them: on a whole node, over HTTP. */
class LedgerIT {
    private static final Map<String, Object> SETTINGS = new HashMap<>(Map.of("millrace.bot.linger", "100ms"));
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
    void eachMoveIsKeptWithWhoWhenAndWhyAndCanBeUndone() {
        node.put("kept", 0, 10);
        node.copy("keeper", "kept-out", "kept");
        node.awaitTail("keeper", "kept");
        String last = last("kept");
        pause("keeper");

        ok(set("keeper", "kept", "{\"position\":\"beginning\",\"reason\":\"again\",\"by\":\"ann\"}"));

        JsonNode move = moves("keeper").get(0);
        assertThat(move.get("kind").asText()).isEqualTo("set");
        assertThat(move.get("by").asText()).isEqualTo("ann");
        assertThat(move.get("reason").asText()).isEqualTo("again");
        assertThat(move.get("from").asText()).isEqualTo(last);
        assertThat(move.get("to").asText()).isEqualTo("z/");
        assertThat(move.get("generation").asLong()).isEqualTo(1);
        assertThat(move.get("entry").asLong()).isEqualTo(1);

        ok(undo("keeper", "kept", 1));

        assertThat(position("keeper", "kept")).isEqualTo(last);
        JsonNode undone = moves("keeper").get(0);
        assertThat(undone.get("kind").asText()).isEqualTo("undo");
        assertThat(undone.get("undoes").asLong()).isEqualTo(1);
        assertThat(undone.get("from").asText()).isEqualTo("z/");
        resume("keeper");
        node.put("kept", 10, 1);
        node.awaitTail("keeper", "kept");
        assertThat(node.events("kept-out"))
                .as("the set-back was undone in time")
                .isEqualTo(11);
    }

    @Test
    void aPositionMayBeABeginningANowADateOrAnId() {
        node.put("places", 0, 3);
        node.copy("placed", "places-out", "places");
        node.awaitTail("placed", "places");
        pause("placed");
        String last = last("places");

        for (List<String> each : List.of(
                List.of("beginning", "z/"),
                List.of("now", last),
                List.of("2023-11-14T22:13:20Z", "z/2023/11/14/22/13/1700000000000"),
                List.of("z/2023/11", "z/2023/11"),
                List.of(last, last))) {
            ok(set("placed", "places", "{\"position\":\"" + each.get(0) + "\"}"));
            assertThat(position("placed", "places")).as(each.get(0)).isEqualTo(each.get(1));
        }
        assertThat(set("placed", "places", "{\"position\":\"yesterday\"}").statusCode())
                .isEqualTo(400);
        assertThat(moves("placed")).hasSize(5);
    }

    @Test
    void whatWasMovedSinceIsNotUndone() {
        node.put("since", 0, 3);
        node.copy("moved", "since-out", "since");
        node.awaitTail("moved", "since");
        pause("moved");
        ok(set("moved", "since", "{\"position\":\"beginning\",\"by\":\"ann\"}"));
        ok(set("moved", "since", "{\"position\":\"now\",\"by\":\"bob\"}"));
        String now = position("moved", "since");

        assertThat(undo("moved", "since", 1).statusCode()).isEqualTo(409);
        assertThat(undo("moved", "since", 99).statusCode()).isEqualTo(404);
        assertThat(undo("moved", "other", 2).statusCode()).isEqualTo(404);
        assertThat(undo("nobody", "since", 2).statusCode()).isEqualTo(404);
        assertThat(position("moved", "since")).isEqualTo(now);

        ok(undo("moved", "since", 2));
        assertThat(position("moved", "since")).isEqualTo("z/");
    }

    @Test
    void theLedgerSurvivesTheNodeAndHasTheLastFifty() {
        node.put("many", 0, 3);
        node.copy("busy", "many-out", "many");
        node.awaitTail("busy", "many");
        pause("busy");
        for (int i = 0; i < 53; i++) {
            ok(set("busy", "many", "{\"position\":\"beginning\",\"reason\":\"" + "r".repeat(2_000) + "\"}"));
        }

        Map<String, Object> same = new HashMap<>(SETTINGS);
        same.put("millrace.cassandra.keyspace", node.keyspace());
        node.close();
        node = WholeNode.start(same);

        JsonNode moves = moves("busy");
        assertThat(moves).hasSize(50);
        assertThat(moves.get(0).get("entry").asLong()).isEqualTo(53);
        assertThat(moves.get(49).get("entry").asLong()).isEqualTo(4);
        assertThat(moves.get(0).get("reason").asText()).hasSize(500);
    }

    private static void pause(String bot) {
        ok(node.send("POST", "/v1/bots/" + bot + "/pause", "{}"));
    }

    private static void resume(String bot) {
        ok(node.send("POST", "/v1/bots/" + bot + "/resume", null));
    }

    private static HttpResponse<String> set(String bot, String queue, String body) {
        return node.send("PUT", "/v1/bots/" + bot + "/checkpoints/" + queue, body);
    }

    private static HttpResponse<String> undo(String bot, String queue, long entry) {
        return node.send(
                "POST",
                "/v1/bots/" + bot + "/checkpoints/" + queue + "/undo",
                "{\"entry\":" + entry + ",\"reason\":\"wrong\",\"by\":\"ann\"}");
    }

    private static void ok(HttpResponse<String> response) {
        WholeNode.ok(response);
    }

    private static JsonNode moves(String bot) {
        HttpResponse<String> response = node.send("GET", "/v1/bots/" + bot + "/checkpoints", null);
        ok(response);
        return WholeNode.json(response.body()).get("moves");
    }

    private static String position(String bot, String queue) {
        return node.bot(bot)
                .get("checkpoints")
                .get("read")
                .get(queue)
                .get("checkpoint")
                .asText();
    }

    private static String last(String queue) {
        return WholeNode.json(node.send("GET", "/v1/queues/" + queue, null).body())
                .get("last")
                .asText();
    }
}
