package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every request is served by a node that owns nothing of what it is about. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class AnyNodeIT {
    private static final int MIB = 1 << 20;
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(2, Map.of());
        cluster.start(1, 2);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void bothSeeTheSameMembersAndWhereEntitiesLive() {
        put(1, "seen", "1");
        int owner = cluster.ownerOf("seen");

        JsonNode one = TestCluster.json(cluster.get(1, "/v1/cluster?queue=seen"));
        JsonNode two = TestCluster.json(cluster.get(2, "/v1/cluster?queue=seen"));

        assertThat(one).isEqualTo(two);
        assertThat(one.get("members").findValuesAsText("node"))
                .containsExactlyInAnyOrder(cluster.name(1), cluster.name(2));
        assertThat(one.get("members").get(0).get("oldest").asBoolean()).isTrue();
        assertThat(one.get("entity").get("node").asText()).isEqualTo(cluster.name(owner));
    }

    @Test
    void everythingOfAQueueThroughTheOtherNode() {
        put(1, "any", "0");
        int other = 3 - cluster.ownerOf("any");

        ok(cluster.send(other, "PUT", "/v1/queues/any", "{\"description\":\"d\"}"));
        JsonNode taken = put(other, "any", "1");
        assertThat(TestCluster.json(ok(cluster.send(
                                other,
                                "POST",
                                "/v1/queues/any/events",
                                "{\"payload\":2}",
                                "Millrace-Producer",
                                "p",
                                "Millrace-Sequence",
                                "1")))
                        .get("events")
                        .asInt())
                .isEqualTo(1);
        assertThat(ok(cluster.get(other, "/v1/queues/any/producers/p")).body()).contains("\"sequence\":1");
        assertThat(ok(cluster.get(
                                other,
                                "/v1/queues/any/events?after="
                                        + taken.get("last").asText()))
                        .body()
                        .lines())
                .hasSize(1);
        assertThat(ok(cluster.get(other, "/v1/queues/any/events")).body().lines())
                .hasSize(3);
        assertThat(cluster.get(other, "/v1/queues/any").body()).contains("\"description\":\"d\"");
        assertThat(ok(cluster.get(other, "/v1/queues?prefix=an")).body()).contains("\"any\"");
        assertThat(ok(cluster.get(other, "/v1/queues/any/events?wait=1&after=z/2099/01/01/00/00"))
                        .body())
                .isEmpty();
        ok(cluster.send(other, "DELETE", "/v1/queues/any", null));
        assertThat(cluster.send(other, "POST", "/v1/queues/any/events", "{\"payload\":1}")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void everythingOfABotThroughTheOtherNode() {
        put(1, "source", "0");
        String registration = "{\"triggers\":[\"source\"],\"handler\":{\"type\":\"worker\"}}";
        ok(cluster.send(1, "PUT", "/v1/bots/b", registration));
        int other = 3 - cluster.ownerOfBot("b");

        ok(cluster.send(other, "PUT", "/v1/bots/b", registration.replace("{\"tr", "{\"description\":\"d\",\"tr")));
        ok(cluster.send(other, "POST", "/v1/bots/b/pause", "{\"reason\":\"r\"}"));
        ok(cluster.send(other, "POST", "/v1/bots/b/resume", null));
        JsonNode grant =
                TestCluster.json(ok(cluster.send(other, "POST", "/v1/bots/b/runs?wait=20", "{\"worker\":\"w\"}")));
        String run = "/v1/runs/" + grant.get("run").asText();
        String[] token = {"Millrace-Run", grant.get("token").asText()};
        ok(cluster.send(other, "POST", run + "/heartbeat", null, token));
        assertThat(ok(cluster.get(other, "/v1/bots/b")).body()).contains("\"worker\":\"w\"");
        String at = ok(cluster.get(other, "/v1/queues/source/events"))
                .body()
                .replaceAll("(?s).*\"eid\":\"([^\"]*)\".*", "$1");
        ok(cluster.send(
                other,
                "POST",
                run + "/checkpoint",
                "{\"checkpoints\":{\"source\":{\"checkpoint\":\"" + at + "\",\"records\":1}}}",
                token));
        ok(cluster.send(other, "POST", run + "/complete", "{\"status\":\"ok\"}", token));
        assertThat(cluster.send(other, "POST", run + "/heartbeat", null, token).statusCode())
                .isEqualTo(409);
        assertThat(ok(cluster.get(other, "/v1/bots/b/runs")).body()).contains("\"ok\"");
        assertThat(ok(cluster.get(other, "/v1/bots?prefix=b")).body()).contains("\"bot\":\"b\"");
        ok(cluster.send(
                other, "PUT", "/v1/bots/b/checkpoints/source", "{\"position\":\"beginning\",\"reason\":\"again\"}"));
        ok(cluster.send(other, "POST", "/v1/bots/b/run", null));
        ok(cluster.send(other, "POST", "/v1/bots/b/kill", null));
        ok(cluster.send(other, "DELETE", "/v1/bots/b", null));
    }

    @Test
    void aBotSleepsAndIsWokenOverNodes() {
        // Names enough that queues and bots of a pair live on different nodes, in both directions.
        for (int i = 0; i < 8; i++) {
            put(1, "wake-" + i, "0");
            ok(cluster.send(
                    1,
                    "PUT",
                    "/v1/bots/woken-" + i,
                    "{\"triggers\":[\"wake-" + i + "\"],\"handler\":{\"type\":\"worker\"}}"));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(cluster.send(2, "POST", "/v1/bots/woken-" + i + "/runs?wait=20", "{\"worker\":\"w\"}")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void anAppendOfFifteenMebibytesThroughTheOtherNode() {
        put(1, "large", "0");
        int other = 3 - cluster.ownerOf("large");
        String payload = "\"" + "x".repeat(3 * MIB) + "\"";
        String event = "{\"payload\":" + payload + "}";
        String body = "[" + String.join(",", event, event, event, event, event) + "]";

        long start = System.nanoTime();
        JsonNode result = TestCluster.json(ok(cluster.send(other, "POST", "/v1/queues/large/events", body)));
        System.out.printf("large append: %d ms%n", (System.nanoTime() - start) / 1_000_000);

        assertThat(result.get("events").asInt()).isEqualTo(5);
        for (int node : cluster.running()) {
            String read = ok(cluster.get(node, "/v1/queues/large/events")).body();
            assertThat(read.lines()).hasSize(6);
            assertThat(read.length()).isGreaterThan(15 * MIB);
        }
    }

    @Test
    void fifteenMebibytesThatDontCompressThroughTheOtherNode() {
        put(1, "noise", "0");
        int other = 3 - cluster.ownerOf("noise");
        java.util.Random random = new java.util.Random(7);
        byte[] bytes = new byte[9 * MIB / 4];
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < 5; i++) {
            random.nextBytes(bytes);
            body.append(i == 0 ? "" : ",")
                    .append("{\"payload\":\"")
                    .append(java.util.Base64.getEncoder().encodeToString(bytes))
                    .append("\"}");
        }
        body.append("]");

        ok(cluster.send(other, "POST", "/v1/queues/noise/events", body.toString()));

        for (int node : cluster.running()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(ok(cluster.get(node, "/v1/queues/noise/events"))
                                    .body()
                                    .lines())
                            .hasSize(6));
        }
    }

    private static JsonNode put(int node, String queue, String payload) {
        return TestCluster.json(
                ok(cluster.send(node, "POST", "/v1/queues/" + queue + "/events", "{\"payload\":" + payload + "}")));
    }

    private static HttpResponse<String> ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response;
    }
}
