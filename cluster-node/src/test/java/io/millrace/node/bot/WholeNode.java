package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.Node;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.settings.NodeSettings;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A whole node, and what a user of its HTTP interface does with bots. */
final class WholeNode implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Node node;

    /** @param settings that differ from the defaults */
    WholeNode(Map<String, Object> settings) {
        TestCassandra cassandra = TestCassandra.shared();
        InetSocketAddress at = cassandra.contactPoint();
        Map<String, Object> all = new HashMap<>(settings);
        all.put("millrace.cassandra.contact-points", List.of(at.getHostString() + ":" + at.getPort()));
        all.put("millrace.cassandra.datacenter", cassandra.datacenter());
        all.put("millrace.cassandra.keyspace", cassandra.newKeyspace());
        all.put("millrace.http.port", 0);
        try {
            node = Node.start(NodeSettings.read(all), Clock.systemUTC())
                    .toCompletableFuture()
                    .get(120, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the node doesn't start", e);
        }
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> send("GET", "/health/ready", null).statusCode() == 200);
    }

    @Override
    public void close() {
        try {
            node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the node doesn't stop", e);
        }
    }

    void copy(String bot, String to, String... triggers) {
        String queues = String.join("\",\"", triggers);
        ok(send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + queues + "\"],\"handler\":{\"type\":\"java\","
                        + "\"class\":\"io.millrace.node.run.Copying\",\"settings\":{\"to\":\"" + to + "\"}}}"));
    }

    void put(String queue, int from, int count) {
        ok(send(
                "POST",
                "/v1/queues/" + queue + "/events",
                IntStream.range(from, from + count)
                        .mapToObj(i -> "{\"payload\":" + i + "}\n")
                        .collect(Collectors.joining())));
    }

    long events(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue, null);
        return response.statusCode() == 404
                ? 0
                : json(response.body()).get("events").asLong();
    }

    void awaitEvents(String queue, long count) {
        Awaitility.await().atMost(WAIT).until(() -> events(queue) >= count);
        assertThat(events(queue)).isEqualTo(count);
    }

    /** Its checkpoint is at the end of the queue and its run is over. */
    void awaitTail(String bot, String queue) {
        Awaitility.await().atMost(WAIT).until(() -> {
            JsonNode info = bot(bot);
            JsonNode checkpoint = info.get("checkpoints").get("read").get(queue);
            JsonNode last =
                    json(send("GET", "/v1/queues/" + queue, null).body()).get("last");
            return checkpoint != null && checkpoint.get("checkpoint").equals(last) && !info.has("run");
        });
    }

    JsonNode bot(String bot) {
        HttpResponse<String> response = send("GET", "/v1/bots/" + bot, null);
        ok(response);
        return json(response.body());
    }

    List<JsonNode> read(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue + "/events?limit=100000", null);
        ok(response);
        return response.body().lines().map(WholeNode::json).toList();
    }

    static List<Integer> payloads(List<JsonNode> events) {
        return events.stream().map(event -> event.get("payload").asInt()).toList();
    }

    static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static void ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    }

    /** @param headers names and values in turn */
    HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) {
        InetSocketAddress at = node.httpAddress();
        boolean lines = path.endsWith("/events");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body == null || body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }
}
