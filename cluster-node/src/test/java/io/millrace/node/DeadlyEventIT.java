package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event that kills the node that handles it, as kill -9 does. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class DeadlyEventIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int MOST_DEATHS = 8;

    @TempDir
    Path directory;

    private final TestCassandra cassandra = TestCassandra.shared();
    private final String keyspace = cassandra.newKeyspace();
    private final List<ChildJvm> nodes = new ArrayList<>();
    private int http;
    private int cluster;

    @AfterEach
    void endWhatIsLeft() {
        nodes.forEach(ChildJvm::kill);
    }

    @Test
    void itsAttemptsSurviveTheNodeAndThenItIsDisposedOf() throws Exception {
        http = DevNodes.freePort(1);
        cluster = DevNodes.freePort(1);
        start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> call("GET", "/health/ready", "") != null);
        String numbers = IntStream.range(0, 60)
                .mapToObj(i -> "{\"payload\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(call("POST", "/v1/queues/deadly/events", numbers)).isNotNull();
        call(
                "PUT",
                "/v1/bots/dying",
                "{\"triggers\":[\"deadly\"],\"retry\":{\"attempts\":2,\"backoff\":\"PT0.1S\"},"
                        + "\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.Poisoned\","
                        + "\"settings\":{\"to\":\"survived\",\"halts\":33}}}");

        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    if (!nodes.get(nodes.size() - 1).isAlive() && nodes.size() <= MOST_DEATHS) {
                        start();
                    }
                    return events("survived") == 59 && events("dying.dead") == 1;
                });

        int deaths = nodes.size() - 1;
        System.out.println("deaths until the event was disposed of: " + deaths);
        assertThat(deaths).isBetween(2, 5);
        String letter = call("GET", "/v1/queues/dying.dead/events", "");
        assertThat(letter).isNotNull().contains("\"attempts\":2").contains("lost");
    }

    private long events(String queue) {
        String body = call("GET", "/v1/queues/" + queue, "");
        JsonNode info = body == null ? null : WholeNode.json(body);
        return info == null ? 0 : info.get("events").asLong();
    }

    private @Nullable String call(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() < 300 ? response.body() : null;
        } catch (IOException e) {
            return null; // it is down
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void start() throws IOException {
        InetSocketAddress storage = cassandra.contactPoint();
        Path file = directory.resolve("node.conf");
        Files.writeString(file, """
                millrace {
                  security.mode = open
                  http { host = "127.0.0.1", port = %1$d }
                  cluster { host = "127.0.0.1", port = %2$d, seed-nodes = ["127.0.0.1:%2$d"] }
                  cassandra { contact-points = ["%3$s:%4$d"], datacenter = "%5$s", keyspace = "%6$s" }
                }
                """.formatted(
                        http, cluster, storage.getHostString(), storage.getPort(), cassandra.datacenter(), keyspace));
        nodes.add(ChildJvm.start(new JvmCommand(
                Main.class.getName(),
                System.getProperty("java.class.path"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                List.of("node", "--child", "--config", file.toString()),
                directory.resolve("node-" + nodes.size() + ".out"))));
    }
}
