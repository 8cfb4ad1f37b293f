package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay whose node is killed goes on with the next one, and emits each event once. */
@SuppressWarnings("NullAway.Init") // JUnit fills the field
class ReplayKillIT {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final Duration WAIT = Duration.ofMinutes(2);
    private static final int EVENTS = 4_000;

    @TempDir
    Path directory;

    private final TestCassandra cassandra = TestCassandra.shared();
    private final String keyspace = cassandra.newKeyspace();
    private final List<ChildJvm> children = new ArrayList<>();
    private int clusterPort;
    private int httpPort;

    @AfterEach
    void endWhatIsLeft() {
        children.forEach(ChildJvm::kill);
    }

    @Test
    void aReplaySurvivesItsNodeAndItsOutputComesOnce() throws Exception {
        clusterPort = DevNodes.freePort(1);
        httpPort = DevNodes.freePort(1);
        ChildJvm node = start();
        for (int from = 0; from < EVENTS; from += 500) {
            String lines = IntStream.range(from, from + 500)
                    .mapToObj(i -> "{\"payload\":" + i + "}\n")
                    .collect(Collectors.joining());
            send("POST", "/v1/queues/orders/events", lines);
        }
        send(
                "PUT",
                "/v1/bots/price",
                "{\"triggers\":[\"orders\"],\"batch\":{\"count\":50},\"handler\":{\"type\":\"java\","
                        + "\"class\":\"io.millrace.node.run.Copying\",\"settings\":{\"to\":\"priced\"}}}");
        awaitEvents(EVENTS);
        String id = send(
                        "POST",
                        "/v1/replays",
                        "{\"bot\":\"price\",\"queue\":\"orders\",\"after\":\"beginning\",\"rate\":800}")
                .get("id")
                .asText();
        send("POST", "/v1/replays/" + id + "/start", null);

        for (long share : new long[] {EVENTS / 5, EVENTS / 2}) {
            Awaitility.await()
                    .atMost(WAIT)
                    .ignoreExceptions()
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> events("priced") > EVENTS + share);
            node.kill();
            node = start();
        }

        Awaitility.await()
                .atMost(WAIT)
                .ignoreExceptions()
                .until(() -> send("GET", "/v1/replays/" + id, null)
                        .get("state")
                        .asText()
                        .equals("done"));
        awaitEvents(2L * EVENTS);
        List<Integer> payloads = new ArrayList<>();
        raw("GET", "/v1/queues/priced/events?limit=100000", null)
                .body()
                .lines()
                .forEach(
                        line -> payloads.add(WholeNode.json(line).get("payload").asInt()));
        Collections.sort(payloads);
        List<Integer> twice =
                IntStream.range(0, 2 * EVENTS).mapToObj(i -> i / 2).toList();
        assertThat(payloads).isEqualTo(twice);
    }

    private ChildJvm start() throws IOException {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, """
                millrace {
                  security.mode = open
                  http { host = "127.0.0.1", port = %1$d }
                  cluster { host = "127.0.0.1", port = %2$d, seed-nodes = ["127.0.0.1:%2$d"] }
                  cassandra { contact-points = ["%3$s:%4$d"], datacenter = "%5$s", keyspace = "%6$s" }
                  bot { linger = 200 ms }
                }
                """.formatted(
                        httpPort,
                        clusterPort,
                        cassandra.contactPoint().getHostString(),
                        cassandra.contactPoint().getPort(),
                        cassandra.datacenter(),
                        keyspace));
        ChildJvm child = ChildJvm.start(new JvmCommand(
                Main.class.getName(),
                System.getProperty("java.class.path"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                List.of("node", "--child", "--config", file.toString()),
                directory.resolve("node-" + children.size() + ".out")));
        children.add(child);
        Awaitility.await()
                .atMost(WAIT)
                .ignoreExceptions()
                .until(() -> raw("GET", "/health/ready", null).statusCode() == 200);
        return child;
    }

    private void awaitEvents(long count) {
        Awaitility.await().atMost(WAIT).ignoreExceptions().until(() -> events("priced") >= count);
    }

    private long events(String queue) throws Exception {
        return send("GET", "/v1/queues/" + queue, null).get("events").asLong();
    }

    private JsonNode send(String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> response = raw(method, path, body);
        WholeNode.ok(response);
        return WholeNode.json(response.body());
    }

    private HttpResponse<String> raw(String method, String path, @Nullable String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(Duration.ofSeconds(20));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", path.endsWith("/events") ? "application/x-ndjson" : "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
