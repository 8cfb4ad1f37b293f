package io.millrace.node.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handlers that need no code, and those of jars, on a whole node. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class StandardHandlersIT {
    private static final Duration WAIT = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static WholeNode node;

    @BeforeAll
    static void start() throws Exception {
        Path jars = Files.createDirectory(directory.resolve("jars"));
        Path files = Files.createDirectory(directory.resolve("files"));
        HandlerJar.of(
                        "my.Twice",
                        "for (int i = 0; i < 2; i++) { out.emit(out.run().settings().get(\"to\").asText(), event.payload()); }")
                .writeTo(jars.resolve("mine.jar"));
        Files.writeString(jars.resolve("broken.jar"), "no zip");
        node = WholeNode.start(
                Map.of("millrace.handler.jars", jars.toString(), "millrace.handler.files", files.toString()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpResponse<String> register(String bot, String trigger, String handler, String settings) {
        return register(bot, trigger, handler, settings, "");
    }

    private static HttpResponse<String> register(
            String bot, String trigger, String handler, String settings, String more) {
        return node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + trigger + "\"],\"handler\":{\"type\":\"java\",\"class\":\"" + handler
                        + "\",\"settings\":" + settings + "}" + more + "}");
    }

    private static void put(String queue, Stream<String> payloads) {
        WholeNode.ok(node.send(
                "POST",
                "/v1/queues/" + queue + "/events",
                payloads.map(payload -> "{\"payload\":" + payload + "}\n").collect(Collectors.joining())));
    }

    private static List<String> payloads(String queue) {
        return node.read(queue).stream()
                .map(event -> event.get("payload").toString())
                .toList();
    }

    @Test
    void aPipelineThatNeedsNoCode() throws Exception {
        WholeNode.ok(register("spread", "in", "forward", "{\"to\":[\"one\",\"two\"]}"));
        WholeNode.ok(register("large", "one", "filter", "{\"to\":\"large\",\"expression\":\"payload.n >= 90\"}"));
        WholeNode.ok(
                register("name", "large", "map", "{\"to\":\"named\",\"template\":{\"double\":\"=payload.n * 2\"}}"));
        WholeNode.ok(
                register(
                        "tens",
                        "two",
                        "reduce",
                        "{\"to\":\"tens\",\"window\":{\"count\":10},\"result\":{\"sum\":{\"fold\":\"sum\",\"of\":\"/payload/n\"}}}"));
        WholeNode.ok(register(
                "sink", "named", "csv", "{\"file\":\"named.csv\",\"columns\":{\"double\":\"/payload/double\"}}"));

        put("in", IntStream.range(0, 100).mapToObj(i -> "{\"n\":" + i + "}"));

        node.awaitEvents("named", 10);
        assertThat(payloads("named")).first().isEqualTo("{\"double\":180}");
        node.awaitEvents("tens", 10);
        assertThat(node.read("tens").get(9).get("payload").get("result").toString())
                .isEqualTo("{\"sum\":945}");
        node.awaitTail("tens", "two");
        node.awaitTail("sink", "named");
        assertThat(Files.readAllLines(directory.resolve("files/named.csv")))
                .hasSize(11)
                .last()
                .isEqualTo("198");
    }

    @Test
    void aWindowOfTimeSurvivesTheEndOfItsRun() {
        WholeNode.ok(
                register(
                        "seconds",
                        "ticks",
                        "reduce",
                        "{\"to\":\"seconds\",\"window\":{\"time\":\"PT3S\"},\"key\":\"/payload/k\","
                                + "\"result\":{\"n\":{\"fold\":\"count\"},\"all\":{\"fold\":\"collect\",\"of\":\"/payload/i\"}}}"));
        for (int i = 0; i < 60; i++) {
            put("ticks", Stream.of("{\"k\":" + i % 2 + ",\"i\":" + i + "}"));
            if (i % 20 == 10) {
                node.send("POST", "/v1/bots/seconds/kill", "{}");
            }
        }

        Awaitility.await().atMost(WAIT).until(() -> counted() == 60);
        List<JsonNode> windows = node.read("seconds");
        assertThat(windows.stream()
                        .map(window -> window.get("payload").get("key") + " "
                                + window.get("payload").get("window").get("start")))
                .as("one event for each key and window")
                .doesNotHaveDuplicates();
        assertThat(windows.stream().flatMap(window -> stream(window.at("/payload/result/all"))))
                .as("each event once")
                .containsExactlyInAnyOrderElementsOf(WholeNode.numbers(60));
        node.awaitTail("seconds", "ticks");
    }

    private static Stream<Integer> stream(JsonNode numbers) {
        return IntStream.range(0, numbers.size()).mapToObj(i -> numbers.get(i).asInt());
    }

    private static int counted() {
        return node.read("seconds").stream()
                .mapToInt(event -> event.at("/payload/result/n").asInt())
                .sum();
    }

    @Test
    void anOpenWindowIsReadAgainByTheNextRun() {
        WholeNode.ok(register(
                "fives",
                "few",
                "reduce",
                "{\"to\":\"fives\",\"window\":{\"count\":5},\"result\":{\"all\":{\"fold\":\"collect\",\"of\":\"/payload\"}}}",
                ",\"maxDuration\":\"PT2S\",\"readFraction\":0.5"));
        put("few", Stream.of("0", "1", "2", "3", "4", "5", "6"));
        node.awaitEvents("fives", 1);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("fives").get("runs").get("total").asInt() >= 3);
        assertThat(node.bot("fives").get("runs").get("failed").asInt()).isZero();

        put("few", Stream.of("7", "8", "9"));

        node.awaitEvents("fives", 2);
        assertThat(node.read("fives").get(1).at("/payload/result/all").toString())
                .isEqualTo("[5,6,7,8,9]");
    }

    @Test
    void aHandlerFromAJar() {
        WholeNode.ok(register("twice", "once", "my.Twice", "{\"to\":\"twice\"}"));

        put("once", Stream.of("1", "2"));

        node.awaitEvents("twice", 4);
        assertThat(payloads("twice")).containsExactly("1", "1", "2", "2");
    }

    @Test
    void theExampleOfTheReadme() throws Exception {
        Matcher example = Pattern.compile("/v1/bots/order-totals -d '(\\{.*?\\})'", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../README.md")));
        assertThat(example.find()).isTrue();
        WholeNode.ok(node.send("PUT", "/v1/bots/order-totals", example.group(1).replace("PT1M", "PT1S")));

        put("orders", Stream.of("{\"customer\":\"c-7\",\"amount\":12.5}"));

        node.awaitEvents("order-totals", 1);
        assertThat(node.read("order-totals").get(0).at("/payload/result").toString())
                .isEqualTo("{\"orders\":1,\"total\":12.5}");
    }

    @Test
    void registrationsThatCantWorkAreRefusedWithAPointer() {
        assertRefused(register("bad", "a", "my.Other", "{}"), "/handler/class");
        assertRefused(
                register("bad", "a", "filter", "{\"to\":\"b\",\"expression\":\"payload.\"}"),
                "/handler/settings/expression");
        assertRefused(register("bad", "a", "forward", "{\"to\":\"a\"}"), "/handler/settings/to");
        assertRefused(
                register("bad", "a", "csv", "{\"file\":\"../x\",\"columns\":{\"a\":\"/payload\"}}"),
                "/handler/settings/file");
        assertThat(node.send("GET", "/v1/bots/bad", null).statusCode()).isEqualTo(404);
    }

    private static void assertRefused(HttpResponse<String> response, String pointer) {
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(WholeNode.json(response.body()).at("/errors/0/pointer").asText())
                .isEqualTo(pointer);
    }
}
