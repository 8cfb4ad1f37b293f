package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.queue.BotSignals;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A whole node in this JVM on a real Cassandra and a keyspace of its own, spoken to over HTTP. */
final class WholeNode implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Node node;

    private WholeNode(Node node) {
        this.node = node;
    }

    /** @param changes of the settings, by full key */
    static WholeNode start(Map<String, Object> changes, UnaryOperator<BotSignals> signals) {
        TestCassandra cassandra = TestCassandra.shared();
        InetSocketAddress at = cassandra.contactPoint();
        Map<String, Object> all = new HashMap<>(Map.of(
                "millrace.cassandra.contact-points",
                List.of(at.getHostString() + ":" + at.getPort()),
                "millrace.cassandra.datacenter",
                cassandra.datacenter(),
                "millrace.cassandra.keyspace",
                cassandra.newKeyspace(),
                "millrace.http.port",
                0));
        all.putAll(changes);
        WholeNode started = new WholeNode(await(
                Node.start(NodeSettings.read(all), Clock.systemUTC(), signals).toCompletableFuture()));
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> await(started.send("GET", "/health/ready", "")).statusCode() == 200);
        return started;
    }

    static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.get(120, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("no answer", failed);
        }
    }

    /** Registers a bot whose handler is {@link Noting}. */
    void register(String bot, List<String> triggers) {
        HttpResponse<String> response = await(send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + String.join("\",\"", triggers)
                        + "\"],\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Noting\"}}"));
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    }

    /** Appends one event; gives its id. What is refused for now is repeated, as any client would. */
    CompletableFuture<String> append(String queue, String producer, long sequence) {
        return sendNumbered(queue, producer, sequence).thenCompose(response -> {
            if (response.statusCode() == 429 || response.statusCode() == 503) {
                return CompletableFuture.supplyAsync(
                                () -> true, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS))
                        .thenCompose(now -> append(queue, producer, sequence));
            }
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
            return CompletableFuture.completedFuture(
                    json(response.body()).get("first").asText());
        });
    }

    private CompletableFuture<HttpResponse<String>> sendNumbered(String queue, String producer, long sequence) {
        return http.sendAsync(
                request("/v1/queues/" + queue + "/events")
                        .header("Content-Type", "application/x-ndjson")
                        .header("Millrace-Producer", producer)
                        .header("Millrace-Sequence", Long.toString(sequence))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"payload\":" + sequence + "}\n"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> send(String method, String path, String body) {
        HttpRequest.Builder request = request(path);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return http.sendAsync(
                request.method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) {
        HttpResponse<String> response = await(send("GET", path, ""));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response.body());
    }

    /** The value of a metric by its name in Prometheus, all its tags together; 0 if there is none. */
    double metric(String name) {
        return await(send("GET", "/metrics", ""))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private HttpRequest.Builder request(String path) {
        InetSocketAddress at = node.httpAddress();
        return HttpRequest.newBuilder(URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        await(node.stop().toCompletableFuture());
    }
}
