package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys whose events wait behind a dead letter, on a whole node. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class PoisonKeyIT {
    private static final String WAITS = "\"onPoisonKey\":\"wait\",\"poisonKey\":\"/k\",\"retry\":{\"attempts\":1}";
    private final Map<String, Object> settings =
            Map.of("millrace.cassandra.keyspace", TestCassandra.shared().newKeyspace(), "millrace.bot.linger", "200ms");

    private WholeNode node;

    @BeforeEach
    void start() {
        Stubborn.FAILING.clear();
        node = WholeNode.start(settings);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void laterEventsOfAKeyAreHandledBehindTheOneThatFailedThroughRedrivesThatFailAndARestart() {
        Stubborn.FAILING.add(4);
        put("orders", 0, 60);
        register("keeping", "orders", "kept", WAITS);

        node.awaitTail("keeping", "orders");
        assertThat(of("kept", 1)).containsExactly(1);
        assertThat(of("kept", 0)).isEqualTo(numbers(0, 60));
        assertThat(of("kept", 2)).isEqualTo(numbers(2, 60));
        List<JsonNode> letters = node.read("keeping.dead");
        assertThat(letters.stream().map(PoisonKeyIT::letter)).isEqualTo(numbers(4, 60));
        assertThat(letters.get(0).get("payload").has("held")).isFalse();
        assertThat(letters.get(1).get("payload").get("held").asBoolean()).isTrue();
        assertThat(letters.get(1).get("payload").get("key").asText()).isEqualTo("k1");
        JsonNode failing = node.bot("keeping").get("failing");
        assertThat(failing.get("held").toString()).isEqualTo("{\"orders\":[\"k1\"]}");
        assertThat(failing.get("heldKeys").asInt()).isEqualTo(1);
        assertThat(node.send("GET", "/v1/bots/keeping/explain", null).body())
                .contains("events of 1 key wait behind dead letters");

        refused(409, "isn't the first of its key", redrive("{\"eid\":\"" + eid(letters.get(1)) + "\"}"));
        refused(
                422,
                "another key",
                redrive("{\"events\":[{\"eid\":\"" + eid(letters.get(0)) + "\",\"payload\":{\"k\":\"k2\"}}]}"));
        refused(
                409,
                "wait behind dead letters",
                node.send("PUT", "/v1/bots/keeping", config("orders", "kept", "\"retry\":{\"attempts\":1}")));
        refused(
                409,
                "wait behind dead letters",
                node.send("PUT", "/v1/bots/keeping/checkpoints/orders", "{\"position\":\"beginning\"}"));

        // what fails again has never left its place, and what comes meanwhile goes behind
        WholeNode.ok(redrive("{\"all\":true}"));
        put("orders", 60, 6);
        node.awaitTail("keeping", "orders");
        node.awaitTail("keeping", "keeping.redrive");
        assertThat(of("kept", 1)).containsExactly(1);
        assertThat(node.read("keeping.dead").stream().map(PoisonKeyIT::letter)).isEqualTo(numbers(4, 66));

        node.close();
        node = WholeNode.start(settings);
        put("orders", 66, 6);
        node.awaitTail("keeping", "orders");
        assertThat(of("kept", 1)).containsExactly(1);

        Stubborn.FAILING.clear();
        JsonNode settled = WholeNode.json(
                redrive("{\"eid\":\"" + eid(letters.get(0)) + "\"}").body());
        assertThat(settled.get("events").asInt()).isEqualTo(1);
        node.awaitTail("keeping", "keeping.redrive");
        assertThat(of("kept", 1)).containsExactly(1, 4);
        refused(409, "already", redrive("{\"eid\":\"" + eid(letters.get(0)) + "\"}"));

        assertThat(WholeNode.json(redrive("{\"all\":true}").body())
                        .get("events")
                        .asInt())
                .isEqualTo(22);
        put("orders", 72, 6);
        node.awaitTail("keeping", "keeping.redrive");
        node.awaitTail("keeping", "orders");
        assertThat(of("kept", 1)).isEqualTo(numbers(1, 78));
        assertThat(node.bot("keeping").get("failing").has("held")).isFalse();
        assertThat(WholeNode.json(redrive("{\"all\":true}").body())
                        .get("events")
                        .asInt())
                .isZero();
    }

    @Test
    void whatIsPurgedFreesTheKeyToo() {
        Stubborn.FAILING.add(3);
        put("few", 0, 12);
        register("purging", "few", "purged", WAITS);
        node.awaitTail("purging", "few");
        List<JsonNode> letters = node.read("purging.dead");
        assertThat(letters.stream().map(PoisonKeyIT::letter)).containsExactly(3, 6, 9);

        refused(
                409,
                "isn't the first of its key",
                node.send("DELETE", "/v1/bots/purging/dead?eid=" + eid(letters.get(2)), null));
        WholeNode.ok(node.send("DELETE", "/v1/bots/purging/dead?eid=" + eid(letters.get(0)), null));
        WholeNode.ok(node.send(
                "POST",
                "/v1/bots/purging/dead/redrive",
                "{\"events\":[{\"eid\":\"" + eid(letters.get(1)) + "\",\"payload\":{\"n\":600,\"k\":\"k0\"}}]}"));
        node.awaitTail("purging", "purging.redrive");
        assertThat(of("purged", 0)).containsExactly(0, 600);
        WholeNode.ok(node.send("DELETE", "/v1/bots/purging/dead", null));
        put("few", 12, 3);
        node.awaitTail("purging", "few");
        assertThat(of("purged", 0)).containsExactly(0, 600, 12);
    }

    @Test
    void combinationsThatCantWorkAreRefusedWithAPointer() {
        refused(422, "/poisonKey", put("{\"onPoisonKey\":\"wait\""));
        refused(422, "/poisonKey", put("{\"poisonKey\":\"/k\""));
        refused(422, "/poisonKey", put("{\"onPoisonKey\":\"wait\",\"poisonKey\":\"k\""));
        refused(422, "/onPoisonKey", put("{\"onPoisonKey\":\"wait\",\"poisonKey\":\"/k\",\"onPoison\":\"skip\""));
        refused(422, "/onPoisonKey", put("{\"onPoisonKey\":\"later\",\"poisonKey\":\"/k\""));
    }

    private HttpResponse<String> put(String config) {
        return node.send("PUT", "/v1/bots/wrong", config + ",\"triggers\":[\"a\"],\"handler\":{\"type\":\"worker\"}}");
    }

    private HttpResponse<String> redrive(String body) {
        return node.send("POST", "/v1/bots/keeping/dead/redrive", body);
    }

    private static void refused(int status, String says, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(says);
    }

    private void put(String queue, int from, int count) {
        WholeNode.ok(node.send(
                "POST",
                "/v1/queues/" + queue + "/events",
                IntStream.range(from, from + count)
                        .mapToObj(i -> "{\"payload\":{\"n\":" + i + ",\"k\":\"k" + i % 3 + "\"}}\n")
                        .collect(Collectors.joining())));
    }

    private void register(String bot, String trigger, String to, String more) {
        WholeNode.ok(node.send("PUT", "/v1/bots/" + bot, config(trigger, to, more)));
    }

    private static String config(String trigger, String to, String more) {
        return "{\"triggers\":[\"" + trigger + "\"]," + more
                + ",\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Stubborn\",\"settings\":{\"to\":\"" + to
                + "\"}}}";
    }

    /** The numbers of a key in a queue, in its order. */
    private List<Integer> of(String queue, int key) {
        return node.read(queue).stream()
                .map(event -> event.get("payload"))
                .filter(payload -> payload.get("k").asText().equals("k" + key))
                .map(payload -> payload.get("n").asInt())
                .toList();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> (i - from) % 3 == 0)
                .boxed()
                .toList();
    }

    private static int letter(JsonNode letter) {
        return letter.get("payload").get("payload").get("n").asInt();
    }

    private static String eid(JsonNode letter) {
        return letter.get("eid").asText();
    }
}
