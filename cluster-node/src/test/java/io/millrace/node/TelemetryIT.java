package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import io.millrace.node.telemetry.Scrape;
import io.millrace.protocol.EventId;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code millrace node} tells of itself, as a process of its own that has had something of everything to do: what it
 * prints, and what it answers to a scrape. A meter that breaks a rule, isn't in METRICS.md, or is asked for by an alert or the
 * dashboard and doesn't exist fails here.
 */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class TelemetryIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACE = "00-" + ID + "-00f067aa0ba902b7-01";

    /** How many queues, and bots, are told of by name here. */
    private static final int NAMES = 2;

    private static final Path MONITORING = Path.of("..", "k8s", "components", "monitoring");

    /** Of the JVM's own meters, which Micrometer names. */
    private static final Set<String> LABELS_OF_THE_JVM = Set.of("area", "id", "state", "action", "cause", "gc");

    private static final Set<String> LABELS = Set.of(
            "queue",
            "bot",
            "state",
            "status",
            "outcome",
            "reason",
            "from",
            "statement",
            "error",
            "kind",
            "limit",
            "late");

    @TempDir
    static Path directory;

    private static HttpServer receiver;
    private static ChildJvm node;
    private static int port;
    private static Scrape scrape;

    @BeforeAll
    static void aNodeHasDoneSomethingOfEverything() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        receiver.createContext("/refuses", exchange -> answer(exchange, 422, "no\r\n{\"forged\":true}"));
        receiver.createContext("/takes", exchange -> answer(exchange, 204, ""));
        receiver.start();
        port = DevNodes.freePort(1);
        node = start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> send("GET", "/health/ready", null).statusCode() == 200);
        for (int i = 0; i < 4; i++) {
            append("q" + i, "{\"payload\":" + i + "}\n");
            bot("takes" + i, "q" + i, "/takes", "");
        }
        append("orders", "{\"payload\":1}\n{\"payload\":2}\n");
        bot("refuses", "orders", "/refuses", ",\"retry\":{\"attempts\":1},\"onPoison\":\"deadLetter\"");
        // Nobody does its work: it stays behind.
        send("PUT", "/v1/bots/behind", "{\"triggers\":[\"orders\"],\"handler\":{\"type\":\"worker\"}}");
        assertThat(send("POST", "/v1/queues/orders/events", "{").statusCode()).isEqualTo(400);
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            scrape = Scrape.of(send("GET", "/metrics", null).body());
            return sum("millrace_dead_letters_total") == 2
                    && sum("millrace_runs_seconds") > 4
                    && scrape.families.containsKey("millrace_bot_runs_total")
                    && scrape.get("millrace_bot_lag_events").samples.size() > 1
                    && scrape.families.containsKey("jvm_gc_pause_seconds");
        });
    }

    @AfterAll
    static void end() {
        if (node != null) {
            node.kill();
        }
        receiver.stop(0);
    }

    private static double sum(String family) {
        return scrape.get(family).samples.stream()
                .filter(sample ->
                        !sample.name().endsWith("_bucket") && !sample.name().endsWith("_sum"))
                .mapToDouble(Scrape.Sample::value)
                .sum();
    }

    @Test
    void everyLineThatItPrintsIsJson() throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("node.out"));

        // What "millrace" says to whoever has started it goes to standard error.
        List<JsonNode> logged = lines.stream()
                .filter(line -> !line.startsWith("millrace: "))
                .map(line -> Json.readAnswer(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                .toList();

        assertThat(logged).isNotEmpty().allSatisfy(line -> {
            assertThat(line.path("timestamp").asText()).endsWith("Z");
            assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR");
            assertThat(line.has("logger")).isTrue();
            assertThat(line.has("message")).isTrue();
            assertThat(line.has("forged")).isFalse();
        });
        JsonNode failed = logged.stream()
                .filter(line -> line.path("bot").asText().equals("refuses") && line.has("eid"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.path("queue").asText()).isEqualTo("orders");
        assertThat(EventId.parse(failed.path("eid").asText())).isNotNull();
        assertThat(failed.path("run").asText()).isNotEmpty();
        assertThat(failed.path("trace").asText()).isEqualTo(ID);
        assertThat(failed.path("stack_trace").asText()).contains("the webhook answered 422");
    }

    @Test
    void everyMeterKeepsTheRules() {
        assertThat(scrape.families.values()).allSatisfy(family -> {
            assertThat(family.name).matches("(millrace|jvm|process|system)_[a-z0-9]+(_[a-z0-9]+)*");
            assertThat(family.name)
                    .as("base units")
                    .doesNotMatch(
                            ".*_(ms|millis|milliseconds|ns|nanos|nanoseconds|us|micros|minutes|hours|kb|mb|gb|kib|mib)(_.*)?");
            assertThat(family.type).as(family.name).isIn("counter", "gauge", "histogram", "summary");
            assertThat(family.help).as("help of " + family.name).matches("[A-Z1].+");
            if (family.type.equals("counter")) {
                assertThat(family.name).endsWith("_total");
            }
            if (family.type.equals("histogram") || family.type.equals("summary")) {
                assertThat(family.name).endsWith("_seconds");
            }
            assertThat(family.name.startsWith("millrace_") ? LABELS : LABELS_OF_THE_JVM)
                    .as("labels of " + family.name)
                    .containsAll(family.labels());
            assertThat(family.samples).as(family.name).isNotEmpty().allSatisfy(sample -> {
                assertThat(sample.value()).as(family.name + sample.labels()).isNotNaN();
                assertThat(sample.labels().values())
                        .as("ids")
                        .noneMatch(value -> value.matches("z/\\d{4}/.*|[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{32}"));
            });
            assertThat(family.samples).as("series of " + family.name).hasSizeLessThan(1_000);
        });
    }

    @Test
    void noMoreQueuesAndBotsAreToldOfByNameThanTheSettingsAllow() {
        for (String family : List.of("millrace_queue_events_total", "millrace_bot_runs_total")) {
            String label = family.contains("queue") ? "queue" : "bot";
            Set<String> values = scrape.get(family).samples.stream()
                    .map(sample -> sample.labels().get(label))
                    .collect(Collectors.toSet());
            assertThat(values).as(family).hasSizeLessThanOrEqualTo(NAMES + 1).contains("_other");
        }
        double byName = sum("millrace_queue_events_total");
        assertThat(byName).isEqualTo(sum("millrace_stored_events_total"));
    }

    @Test
    void everyMeterStandsInTheTableAndNoOther() throws IOException {
        List<String> table = scrape.families.values().stream()
                .filter(family -> family.name.startsWith("millrace_"))
                .filter(family -> !family.name.endsWith("_seconds_max"))
                .map(family -> "| `" + family.name + "` | " + family.type + " | " + String.join(", ", family.labels())
                        + " | " + family.help + " |")
                .toList();
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target", "METRICS.table"), table);

        assertThat(Files.readAllLines(Path.of("METRICS.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .toList())
                .as("METRICS.md; what it should be is in target/METRICS.table")
                .containsExactlyElementsOf(table);
    }

    @Test
    void alertsAndTheDashboardAskForWhatThereIs() throws IOException {
        Set<String> names = new TreeSet<>();
        scrape.families.values().forEach(family -> {
            names.add(family.name);
            family.samples.forEach(sample -> names.add(sample.name()));
        });
        List<String> expressions = new ArrayList<>();
        for (JsonNode expr : Json.mapper()
                .readTree(MONITORING.resolve("dashboard.json").toFile())
                .findValues("expr")) {
            expressions.add(expr.asText());
        }
        assertThat(expressions).hasSizeGreaterThan(15);
        expressions.add(Files.readString(MONITORING.resolve("alerts.yaml")));

        Matcher asked = Pattern.compile("\\b(?:millrace|jvm|process|system)_[a-z0-9_]+")
                .matcher(String.join("\n", expressions));
        Set<String> missing = new TreeSet<>();
        int found = 0;
        while (asked.find()) {
            found++;
            if (!names.contains(asked.group())) {
                missing.add(asked.group());
            }
        }
        assertThat(found).isGreaterThan(25);
        assertThat(missing).isEmpty();
    }

    private static ChildJvm start() throws IOException {
        TestCassandra cassandra = TestCassandra.shared();
        Path file = directory.resolve("node.conf");
        Files.writeString(file, """
                millrace {
                  security.mode = open
                  http { host = "127.0.0.1", port = %1$d }
                  cluster { host = "127.0.0.1", port = 0 }
                  cassandra { contact-points = ["%2$s:%3$d"], datacenter = "%4$s", keyspace = "%5$s" }
                  webhook { allow = ["127.0.0.1"] }
                  operations { names = %6$d }
                }
                """.formatted(
                        port,
                        cassandra.contactPoint().getHostString(),
                        cassandra.contactPoint().getPort(),
                        cassandra.datacenter(),
                        cassandra.newKeyspace(),
                        NAMES));
        return ChildJvm.start(new JvmCommand(
                Main.class.getName(),
                System.getProperty("java.class.path"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xlog:disable"),
                List.of("node", "--child", "--config", file.toString()),
                directory.resolve("node.out")));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void bot(String bot, String queue, String path, String more) {
        HttpResponse<String> answer = send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + queue + "\"],\"handler\":{\"type\":\"webhook\",\"url\":\"http://127.0.0.1:"
                        + receiver.getAddress().getPort() + path + "\"}" + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void append(String queue, String lines) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        send("POST", "/v1/queues/" + queue + "/events", lines).statusCode() == 200);
    }

    private static HttpResponse<String> send(
            String method, String path, @org.jspecify.annotations.Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("traceparent", TRACE)
                    .header("Content-Type", path.endsWith("/events") ? "application/x-ndjson" : "application/json")
                    .method(method, BodyPublishers.ofString(body));
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
