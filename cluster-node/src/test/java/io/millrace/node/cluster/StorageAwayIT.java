package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.TcpProxy;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that can't reach Cassandra says so in bounded time, acknowledges nothing, and goes on by itself. */
class StorageAwayIT {
    /** Of the node's own: 10 s; and what a busy machine adds. */
    private static final Duration LIMIT = Duration.ofSeconds(16);

    private record Asked(String what, int status, String type, String body, Duration after) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyRequestIsRefusedInBoundedTimeAndTheNodeRecovers(boolean silent) throws Exception {
        try (TcpProxy proxy = new TcpProxy(TestCassandra.shared().contactPoint());
                TestCluster cluster = new TestCluster(1, Map.of())) {
            // given
            cluster.storageOf(1, proxy.address());
            cluster.start(1);
            assertThat(append(cluster, "known", "0").statusCode()).isEqualTo(200);
            assertThat(cluster.send(1, "PUT", "/v1/bots/known", worker("known")).statusCode())
                    .isEqualTo(201);
            assertThat(cluster.send(1, "PUT", "/v1/bots/granted", worker("known"))
                            .statusCode())
                    .isEqualTo(201);
            JsonNode grant =
                    TestCluster.json(cluster.send(1, "POST", "/v1/bots/granted/runs?wait=20", "{\"worker\":\"w\"}"));
            String run = "/v1/runs/" + grant.get("run").asText();
            String[] token = {"Millrace-Run", grant.get("token").asText()};

            // when: answers are lost, or connections refused
            if (silent) {
                proxy.dropRequests();
            } else {
                proxy.refuse();
            }
            List<CompletableFuture<Asked>> asked = new ArrayList<>();
            for (String[] request : requests(run)) {
                asked.add(CompletableFuture.supplyAsync(
                        () -> ask(cluster, request, token), task -> new Thread(task).start()));
            }

            // then
            for (CompletableFuture<Asked> one : asked) {
                Asked answer = one.join();
                assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
                assertThat(answer.type()).as(answer.toString()).isEqualTo("application/problem+json");
                assertThat(answer.after()).as(answer.toString()).isLessThan(LIMIT);
            }
            HttpResponse<String> ready = cluster.get(1, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("Cassandra");
            assertThat(cluster.get(1, "/health/live").statusCode()).isEqualTo(200);
            assertThat(cluster.get(1, "/v1/cluster").statusCode()).isEqualTo(200);

            // when
            proxy.heal();

            // then
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> cluster.get(1, "/health/ready").statusCode() == 200
                            && append(cluster, "known", "\"after\"").statusCode() == 200
                            && append(cluster, "fresh", "\"after\"").statusCode() == 200
                            && cluster.get(1, "/v1/bots/known").statusCode() == 200);
            List<String> payloads = cluster.get(1, "/v1/queues/known/events")
                    .body()
                    .lines()
                    .map(line -> line.replaceAll(".*\"payload\":([^,}]*).*", "$1"))
                    .toList();
            assertThat(payloads).startsWith("0").endsWith("\"after\"");
            assertThat(payloads.stream().filter("\"refused\""::equals).count())
                    .as("an unknown outcome may turn out either way, but not twice")
                    .isLessThanOrEqualTo(1);
        }
    }

    private static List<String[]> requests(String run) {
        String append = "{\"payload\":\"refused\"}";
        return List.of(
                new String[] {"POST", "/v1/queues/known/events", append},
                new String[] {"POST", "/v1/queues/unheard-of/events", append},
                new String[] {"PUT", "/v1/queues/known", "{\"description\":\"d\"}"},
                new String[] {"GET", "/v1/queues", null},
                new String[] {"GET", "/v1/queues/unheard-of", null},
                new String[] {"GET", "/v1/queues/unheard-of/events", null},
                new String[] {"GET", "/v1/queues/unheard-of/producers/p", null},
                new String[] {"DELETE", "/v1/queues/unheard-of", null},
                new String[] {"PUT", "/v1/bots/known", worker("known").replace("{\"tr", "{\"description\":\"d\",\"tr")},
                new String[] {"PUT", "/v1/bots/unheard-of", worker("known")},
                new String[] {"GET", "/v1/bots", null},
                new String[] {"GET", "/v1/bots/known", null},
                new String[] {"GET", "/v1/bots/unheard-of", null},
                new String[] {"GET", "/v1/bots/known/runs", null},
                new String[] {"POST", "/v1/bots/known/pause", "{\"reason\":\"r\"}"},
                new String[] {"POST", "/v1/bots/known/run", null},
                new String[] {"DELETE", "/v1/bots/unheard-of", null},
                new String[] {"POST", "/v1/bots/unheard-of/runs", "{\"worker\":\"w\"}"},
                new String[] {"POST", run + "/complete", "{\"status\":\"ok\"}"});
    }

    private static Asked ask(TestCluster cluster, String[] request, String[] token) {
        long start = System.nanoTime();
        HttpResponse<String> answer = request[1].startsWith("/v1/runs/")
                ? cluster.send(1, request[0], request[1], request[2], token)
                : cluster.send(1, request[0], request[1], request[2]);
        return new Asked(
                request[0] + " " + request[1],
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse(""),
                answer.body(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private static String worker(String queue) {
        return "{\"triggers\":[\"" + queue + "\"],\"handler\":{\"type\":\"worker\"}}";
    }

    private static HttpResponse<String> append(TestCluster cluster, String queue, String payload) {
        return cluster.send(1, "POST", "/v1/queues/" + queue + "/events", "{\"payload\":" + payload + "}");
    }
}
