package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A whole node in this JVM on a real Cassandra and a keyspace of its own, and what users do over its HTTP interface. */
public final class WholeNode implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Node node;

    private final String keyspace;

    private WholeNode(Node node, String keyspace) {
        this.node = node;
        this.keyspace = keyspace;
    }

    /**
     * Starts one.
     *
     * @param changes of the settings, by full key
     */
    public static WholeNode start(Map<String, Object> changes) {
        return start(changes, signals -> signals);
    }

    /** @param signals what comes between queues and bots */
    static WholeNode start(Map<String, Object> changes, UnaryOperator<BotSignals> signals) {
        return start(changes, signals, Clock.systemUTC());
    }

    /** @param clock the time of day */
    static WholeNode start(Map<String, Object> changes, UnaryOperator<BotSignals> signals, Clock clock) {
        TestCassandra cassandra = TestCassandra.shared();
        InetSocketAddress at = cassandra.contactPoint();
        Map<String, Object> all = new HashMap<>(changes);
        all.put("millrace.cassandra.contact-points", List.of(at.getHostString() + ":" + at.getPort()));
        all.put("millrace.cassandra.datacenter", cassandra.datacenter());
        all.computeIfAbsent("millrace.cassandra.keyspace", key -> cassandra.newKeyspace());
        all.put("millrace.http.port", 0);
        WholeNode started = new WholeNode(
                await(Node.start(NodeSettings.read(all), clock, signals).toCompletableFuture()),
                String.valueOf(all.get("millrace.cassandra.keyspace")));
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> started.send("GET", "/health/ready", null).statusCode() == 200);
        return started;
    }

    static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.get(120, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("no answer", failed);
        }
    }

    @Override
    public void close() {
        await(node.stop().toCompletableFuture());
    }

    /** Registers a bot whose handler is {@link Noting}. */
    void register(String bot, String... triggers) {
        javaBot(bot, "io.millrace.node.Noting", "{}", triggers);
    }

    /** Registers a bot that copies what it reads. */
    public void copy(String bot, String to, String... triggers) {
        javaBot(bot, "io.millrace.node.run.Copying", "{\"to\":\"" + to + "\"}", triggers);
    }

    void javaBot(String bot, String handler, String settings, String... triggers) {
        ok(send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + String.join("\",\"", triggers) + "\"],\"handler\":{\"type\":\"java\",\"class\":\""
                        + handler + "\",\"settings\":" + settings + "}}"));
    }

    /** Appends one event; gives its id. What is refused for now is repeated, as any client would. */
    CompletableFuture<String> append(String queue, String producer, long sequence) {
        HttpRequest.Builder request = request("/v1/queues/" + queue + "/events")
                .header("Content-Type", "application/x-ndjson")
                .header("Millrace-Producer", producer)
                .header("Millrace-Sequence", Long.toString(sequence))
                .POST(HttpRequest.BodyPublishers.ofString("{\"payload\":" + sequence + "}\n"));
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenCompose(response -> {
                    if (response.statusCode() == 429 || response.statusCode() == 503) {
                        return CompletableFuture.supplyAsync(
                                        () -> true, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS))
                                .thenCompose(now -> append(queue, producer, sequence));
                    }
                    ok(response);
                    return CompletableFuture.completedFuture(
                            json(response.body()).get("first").asText());
                });
    }

    /** The value of a metric by its name in Prometheus, all its tags together; 0 if there is none. */
    double metric(String name) {
        return send("GET", "/metrics", null)
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    String keyspace() {
        return keyspace;
    }

    /** What an event stream tells until it ends. */
    String stream(String path) throws IOException, InterruptedException {
        return HTTP.send(
                        request(path).header("Accept", "text/event-stream").build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /**
     * Rows in the storage.
     *
     * @param cql with the keyspace as its only argument
     */
    int count(String cql) {
        try (CqlSession session = CqlSession.builder()
                .addContactPoint(TestCassandra.shared().contactPoint())
                .withLocalDatacenter(TestCassandra.shared().datacenter())
                .build()) {
            return session.execute(cql.formatted(keyspace)).all().size();
        }
    }

    public void put(String queue, int from, int count) {
        ok(send(
                "POST",
                "/v1/queues/" + queue + "/events",
                IntStream.range(from, from + count)
                        .mapToObj(i -> "{\"payload\":" + i + "}\n")
                        .collect(Collectors.joining())));
    }

    public long events(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue, null);
        return response.statusCode() == 404
                ? 0
                : json(response.body()).get("events").asLong();
    }

    public void awaitEvents(String queue, long count) {
        Awaitility.await().atMost(WAIT).until(() -> events(queue) >= count);
        assertThat(events(queue)).isEqualTo(count);
    }

    /** Its checkpoint is at the end of the queue and its run is over. */
    public void awaitTail(String bot, String queue) {
        Awaitility.await().atMost(WAIT).until(() -> {
            JsonNode info = bot(bot);
            JsonNode checkpoint = info.get("checkpoints").get("read").get(queue);
            JsonNode last =
                    json(send("GET", "/v1/queues/" + queue, null).body()).get("last");
            return checkpoint != null && checkpoint.get("checkpoint").equals(last) && !info.has("run");
        });
    }

    public JsonNode bot(String bot) {
        HttpResponse<String> response = send("GET", "/v1/bots/" + bot, null);
        ok(response);
        return json(response.body());
    }

    public List<JsonNode> read(String queue) {
        HttpResponse<String> response = send("GET", "/v1/queues/" + queue + "/events?limit=100000", null);
        ok(response);
        return response.body().lines().map(WholeNode::json).toList();
    }

    public static List<Integer> payloads(List<JsonNode> events) {
        return events.stream().map(event -> event.get("payload").asInt()).toList();
    }

    public static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    public static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    public static void ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    }

    /**
     * Sends a request.
     *
     * @param headers names and values in turn
     */
    public HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) {
        boolean lines = path.endsWith("/events");
        HttpRequest.Builder request = request(path);
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

    private HttpRequest.Builder request(String path) {
        InetSocketAddress at = node.httpAddress();
        return HttpRequest.newBuilder(URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                .timeout(Duration.ofSeconds(30));
    }
}
