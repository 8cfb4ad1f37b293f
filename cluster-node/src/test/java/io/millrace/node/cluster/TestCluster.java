package io.millrace.node.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.Node;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.process.FreePort;
import io.millrace.node.settings.NodeSettings;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Several nodes in this JVM, at 127.0.0.1, 127.0.0.2 and so on, over the shared Cassandra, numbered from 1. */
final class TestCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestCassandra cassandra = TestCassandra.shared();
    private final String keyspace = cassandra.newKeyspace();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private final Map<Integer, InetSocketAddress> storage = new HashMap<>();
    private final Map<String, Object> changes;
    private final List<String> seeds;
    private final int clusterPort;
    private String key = "";

    /** @param changes settings of all nodes, by full key */
    TestCluster(int count, Map<String, Object> changes) {
        this.changes = changes;
        this.clusterPort = port(count);
        this.seeds = IntStream.rangeClosed(1, count)
                .mapToObj(number -> host(number) + ":" + clusterPort)
                .toList();
    }

    private static int port(int count) {
        try {
            while (true) {
                int port = FreePort.find(host(1));
                if (IntStream.rangeClosed(1, count).allMatch(number -> FreePort.isFree(host(number), port))) {
                    return port;
                }
            }
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private static String host(int number) {
        return "127.0.0." + number;
    }

    /** Sends a key with all that names no other one. */
    void authorize(String secret) {
        key = secret;
    }

    /** The file for commands that work on the storage of this bus. */
    String file() {
        return """
                millrace.security.mode = keys
                millrace.cassandra { contact-points = ["%s:%d"], datacenter = "%s", keyspace = "%s" }
                """.formatted(
                        cassandra.contactPoint().getHostString(),
                        cassandra.contactPoint().getPort(),
                        cassandra.datacenter(),
                        keyspace);
    }

    /** Has a node's next start go to Cassandra by another way. */
    void storageOf(int number, InetSocketAddress address) {
        storage.put(number, address);
    }

    /** Starts nodes at once and waits until each of them is ready and sees as many members as run. */
    void start(int... numbers) throws Exception {
        var starting = new TreeMap<Integer, java.util.concurrent.CompletionStage<Node>>();
        for (int number : numbers) {
            starting.put(number, Node.start(settings(number), Clock.systemUTC()));
        }
        for (var one : starting.entrySet()) {
            nodes.put(one.getKey(), one.getValue().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
        for (int number : nodes.keySet()) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> get(number, "/health/ready").statusCode() == 200
                            && json(get(number, "/v1/cluster")).get("members").findValuesAsText("status").stream()
                                            .filter("up"::equals)
                                            .count()
                                    == nodes.size());
        }
    }

    private NodeSettings settings(int number) {
        InetSocketAddress at = storage.getOrDefault(number, cassandra.contactPoint());
        Map<String, Object> all = new HashMap<>(changes);
        all.put("millrace.cassandra.contact-points", List.of(at.getHostString() + ":" + at.getPort()));
        all.put("millrace.cassandra.datacenter", cassandra.datacenter());
        all.put("millrace.cassandra.keyspace", keyspace);
        all.put("millrace.http.host", host(number));
        all.put("millrace.http.port", 0);
        all.put("millrace.cluster.host", host(number));
        all.put("millrace.cluster.port", clusterPort);
        all.put("millrace.cluster.seed-nodes", seeds);
        all.put("pekko.cluster.jmx.enabled", "off");
        return NodeSettings.read(all);
    }

    /** Stops one in order. */
    void stop(int number) {
        Node node = nodes.remove(number);
        node.stop()
                .toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The numbers of the nodes that run. */
    List<Integer> running() {
        return List.copyOf(nodes.keySet());
    }

    URI uri(int number, String target) {
        InetSocketAddress at = nodes.get(number).httpAddress();
        return URI.create("http://" + at.getHostString() + ":" + at.getPort() + target);
    }

    /** What a node is called in the cluster. */
    String name(int number) {
        return "pekko://millrace@" + host(number) + ":" + clusterPort;
    }

    /** The number of the node where a queue lives, once something of its shard is in memory. */
    int ownerOf(String queue) {
        return owner("/v1/cluster?queue=" + queue);
    }

    int ownerOfBot(String bot) {
        return owner("/v1/cluster?bot=" + bot);
    }

    private int owner(String target) {
        String found = Awaitility.await()
                .atMost(LIMIT)
                .until(
                        () -> json(get(running().get(0), target))
                                .path("entity")
                                .path("node")
                                .asText(),
                        node -> node.startsWith("pekko:"));
        return running().stream()
                .filter(number -> name(number).equals(found))
                .findFirst()
                .orElseThrow();
    }

    HttpResponse<String> get(int number, String target) {
        return send(number, "GET", target, null);
    }

    HttpResponse<String> send(int number, String method, String target, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(number, target))
                .timeout(Duration.ofSeconds(40))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!key.isEmpty() && !List.of(headers).contains("Authorization")) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (int number : running()) {
            stop(number);
        }
    }
}
