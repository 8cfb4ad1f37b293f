package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import io.millrace.node.webhook.Receiver.Received;
import io.millrace.node.webhook.Receiver.Reply;
import io.millrace.protocol.http.WebhookSecrets;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhook bots of a whole node, and a server that is allowed by the settings. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class WebhookIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static WholeNode node;
    private static Receiver receiver;

    @BeforeAll
    static void start() throws Exception {
        receiver = new Receiver();
        node = WholeNode.start(Map.of(
                "millrace.webhook.allow",
                List.of("127.0.0.1"),
                "millrace.webhook.body-timeout",
                "1 s",
                "millrace.webhook.answer-bytes",
                "64 KiB"));
    }

    @AfterAll
    static void stop() {
        receiver.close();
        node.close();
    }

    private static HttpResponse<String> register(String bot, String url, String handler, String more) {
        return node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + bot + "-in\"],\"handler\":{\"type\":\"webhook\",\"url\":\"" + url + "\"" + handler
                        + "}" + more + "}");
    }

    private static void bot(String bot) {
        bot(bot, "", "");
    }

    private static void bot(String bot, String handler, String more) {
        WholeNode.ok(register(bot, receiver.url("/" + bot), handler, more));
    }

    private static void awaitError(String bot, String message) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(node.bot(bot).path("lastError").asText()).contains(message));
    }

    @Test
    void eventsArriveInOrderSignedAndOutputComesOnce() {
        receiver.at("/orders", (call, received) -> Receiver.copy("orders-out", received));
        bot("orders", ",\"secret\":\"" + SECRET + "\"", ",\"batch\":{\"count\":10}");

        node.put("orders-in", 0, 95);

        node.awaitEvents("orders-out", 95);
        node.awaitTail("orders", "orders-in");
        assertThat(WholeNode.payloads(node.read("orders-out"))).isEqualTo(WholeNode.numbers(95));
        List<Received> calls = receiver.received("/orders");
        assertThat(calls.stream().flatMap(call -> call.payloads().stream())).isEqualTo(WholeNode.numbers(95));
        Received call = calls.get(0);
        assertThat(call.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(call.header("Millrace-Bot")).isEqualTo("orders");
        assertThat(call.header("Millrace-Queue")).isEqualTo("orders-in");
        assertThat(call.header("Millrace-Epoch")).isEqualTo("1");
        assertThat(Instant.parse(call.header("Millrace-Deadline"))).isAfter(Instant.now());
        assertThat(call.header("webhook-signature"))
                .isEqualTo(WebhookSecrets.of(SECRET)
                        .orElseThrow()
                        .sign(
                                call.header("webhook-id"),
                                Long.parseLong(call.header("webhook-timestamp")),
                                call.body().getBytes(StandardCharsets.UTF_8))
                        .orElseThrow());
        JsonNode first = node.read("orders-out").get(0);
        assertThat(first.get("id").asText()).isEqualTo("orders");
        assertThat(first.at("/correlation_id/source").asText()).isEqualTo("orders-in");
    }

    @Test
    void aQueueThatIsPausedTakesWhatAWebhookEmitsAndItsReadersGetItLater() {
        WholeNode.ok(node.send("PUT", "/v1/queues/rest-out", "{\"paused\":true}"));
        receiver.at("/rest", (call, received) -> Receiver.copy("rest-out", received));
        bot("rest");
        node.copy("rested", "rest-sink", "rest-out");

        node.put("rest-in", 0, 20);

        node.awaitTail("rest", "rest-in");
        assertThat(node.events("rest-out")).isEqualTo(20);
        assertThat(node.bot("rest").get("errorCount").asInt()).isZero();
        assertThat(node.events("rest-sink")).isZero();
        WholeNode.ok(node.send("PUT", "/v1/queues/rest-out", "{\"paused\":false}"));
        node.awaitEvents("rest-sink", 20);
    }

    @Test
    void whatIsEmittedStandsOnceHoweverOftenTheBotIsKilledAndABatchIsRepeated() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        receiver.at("/often", (call, received) -> {
            int dice;
            synchronized (random) {
                dice = random.nextInt(10);
            }
            if (dice == 0) {
                return null; // heard, and never answered
            }
            return dice == 1 ? Reply.status(503, "Retry-After", "0") : Receiver.copy("often-out", received);
        });
        bot("often", "", ",\"batch\":{\"count\":7},\"retry\":{\"attempts\":10}");
        for (int i = 0; i < 40; i++) {
            node.put("often-in", i * 10, 10);
            if (i % 4 == 3) {
                node.send("POST", "/v1/bots/often/kill", "{}");
                node.send("POST", "/v1/bots/often/resume", "{}");
            }
        }

        Awaitility.await().atMost(WAIT).until(() -> {
            node.send("POST", "/v1/bots/often/resume", "{}");
            return node.events("often-out") >= 400;
        });
        assertThat(WholeNode.payloads(node.read("often-out")))
                .as("seed %d", seed)
                .isEqualTo(WholeNode.numbers(400));
    }

    @Test
    void theSameBatchHasTheSameIdWhenItComesAgain() {
        receiver.at("/again", (call, received) -> call == 0 ? Reply.status(502) : Receiver.copy("again-out", received));
        bot("again");

        node.put("again-in", 0, 3);

        node.awaitEvents("again-out", 3);
        node.awaitTail("again", "again-in");
        List<Received> calls = receiver.received("/again");
        assertThat(calls.get(1).header("webhook-id")).isEqualTo(calls.get(0).header("webhook-id"));
        assertThat(calls.get(1).header("Millrace-Epoch")).isEqualTo("2");
        assertThat(node.bot("again").path("errorCount").asInt()).isZero();
    }

    @Test
    void aSlowWebhookDoesntSlowAnother() {
        receiver.at("/slow", (call, received) -> {
            receiver.over.await();
            return Reply.DONE;
        });
        receiver.at("/quick", (call, received) -> Receiver.copy("quick-out", received));
        bot("slow");
        bot("quick");
        node.put("slow-in", 0, 10);
        Awaitility.await().atMost(WAIT).until(() -> receiver.received("/slow").size() == 1);

        for (int i = 0; i < 20; i++) {
            node.put("quick-in", i, 1);
            node.awaitEvents("quick-out", i + 1);
        }
        assertThat(receiver.received("/slow")).hasSize(1);
    }

    @Test
    void anEventThatIsToComeAgainHoldsUpThoseBehindIt() {
        String done = "{\"status\":\"done\",\"emit\":[{\"queue\":\"locked-out\",\"payload\":%d}]}";
        String again = "{\"status\":\"retry\",\"after\":\"PT0.3S\",\"message\":\"locked\"}";
        receiver.at("/locked", (call, received) -> {
            if (call == 0) {
                return results(done.formatted(0), done.formatted(1), again, done.formatted(33));
            }
            return call == 1 ? results(again) : Receiver.copy("locked-out", received);
        });
        bot("locked", "", ",\"retry\":{\"attempts\":5,\"backoff\":\"PT0.01S\"}");

        node.put("locked-in", 0, 4);

        node.awaitEvents("locked-out", 4);
        assertThat(WholeNode.payloads(node.read("locked-out"))).containsExactly(0, 1, 2, 3);
        assertThat(receiver.received("/locked").stream().map(Received::payloads))
                .containsExactly(List.of(0, 1, 2, 3), List.of(2), List.of(2), List.of(3));
        assertThat(node.bot("locked").at("/runs/failed").asInt())
                .as("an attempt is an error")
                .isEqualTo(2);
        assertThat(node.events("locked.dead")).isZero();
    }

    private static Reply results(String... results) {
        return Reply.json("{\"results\":[" + String.join(",", results) + "]}");
    }

    @Test
    void aRejectedEventStandsInTheDeadLettersTheOthersAreDoneAndARedriveBringsItBack() {
        AtomicBoolean known = new AtomicBoolean();
        receiver.at("/reject", (call, received) -> {
            String[] results = received.payloads().stream()
                    .map(number -> number == 2 && !known.get()
                            ? "{\"status\":\"reject\",\"message\":\"no such customer\"}"
                            : "{\"status\":\"done\",\"emit\":[{\"queue\":\"reject-out\",\"payload\":" + number + "}]}")
                    .toArray(String[]::new);
            return results(results);
        });
        bot("reject");

        node.put("reject-in", 0, 6);

        node.awaitEvents("reject-out", 5);
        node.awaitTail("reject", "reject-in");
        assertThat(WholeNode.payloads(node.read("reject-out"))).containsExactly(0, 1, 3, 4, 5);
        assertThat(node.events("reject.dead")).isEqualTo(1);
        JsonNode letter = node.read("reject.dead").get(0).get("payload");
        assertThat(letter.get("payload").asInt()).isEqualTo(2);
        assertThat(letter.get("error").asText()).isEqualTo("no such customer");
        assertThat(letter.get("attempts").asInt()).isEqualTo(1);
        assertThat(letter.get("eid").asText())
                .isEqualTo(node.read("reject-in").get(2).get("eid").asText());

        known.set(true);
        WholeNode.ok(node.send("POST", "/v1/bots/reject/dead/redrive", "{\"all\":true}"));
        node.awaitEvents("reject-out", 6);
        assertThat(WholeNode.payloads(node.read("reject-out"))).containsExactly(0, 1, 3, 4, 5, 2);
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("reject").get("errorCount").asInt() == 0);
        assertThat(node.events("reject.dead")).isEqualTo(1);
    }

    @Test
    void anEventThatTheWebhookCantTakeIsFoundAndTriedAsOftenAsIsSaid() {
        receiver.at(
                "/poison",
                (call, received) ->
                        received.payloads().contains(5) ? Reply.status(500) : Receiver.copy("poison-out", received));
        bot("poison", "", ",\"retry\":{\"attempts\":2,\"backoff\":\"PT0.01S\"}");

        node.put("poison-in", 0, 8);

        node.awaitEvents("poison-out", 7);
        node.awaitTail("poison", "poison-in");
        assertThat(WholeNode.payloads(node.read("poison-out"))).containsExactly(0, 1, 2, 3, 4, 6, 7);
        JsonNode letter = node.read("poison.dead").get(0).get("payload");
        assertThat(letter.get("attempts").asInt()).isEqualTo(2);
        assertThat(letter.get("error").asText()).contains("the webhook answered 500");
    }

    @Test
    void goneMeansThatTheBotRests() {
        receiver.at("/gone", (call, received) -> new Reply(410, "moved to another town\n", Map.of()));
        bot("gone");

        node.put("gone-in", 0, 1);

        Awaitility.await()
                .atMost(WAIT)
                .until(() -> node.bot("gone").get("flags").toString().contains("paused"));
        assertThat(node.bot("gone").toString()).contains("moved to another town");
        assertThat(receiver.received("/gone")).hasSize(1);
    }

    @Test
    void whoIsBusyIsLeftInPeaceForAsLongAsItSays() {
        Instant began = Instant.now();
        receiver.at(
                "/busy",
                (call, received) ->
                        call == 0 ? Reply.status(429, "Retry-After", "2") : Receiver.copy("busy-out", received));
        bot("busy");

        node.put("busy-in", 0, 3);

        node.awaitEvents("busy-out", 3);
        assertThat(Duration.between(began, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        assertThat(receiver.received("/busy")).hasSize(2);
        assertThat(node.bot("busy").at("/runs/failed").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "302, redirects are not followed",
        "307, redirects are not followed",
        "400, answered 400",
        "429, answered 429",
        "500, answered 500"
    })
    void otherAnswersAreErrors(int status, String message) {
        String bot = "status-" + status;
        receiver.at("/" + bot, (call, received) -> Reply.status(status, "Location", receiver.url("/elsewhere")));
        bot(bot);

        node.put(bot + "-in", 0, 1);

        awaitError(bot, message);
        assertThat(receiver.received("/elsewhere")).isEmpty();
    }

    @Test
    void garbageAndAHugeAnswerAreErrors() {
        receiver.at("/garbage", (call, received) -> Reply.json("OK"));
        receiver.at("/huge", (call, received) -> Reply.json("{\"emit\":[" + " ".repeat(100_000) + "]}"));
        bot("garbage");
        bot("huge");

        node.put("garbage-in", 0, 1);
        node.put("huge-in", 0, 1);

        awaitError("garbage", "the answer can't be read");
        awaitError("huge", "the answer is longer than 65536 bytes");
    }

    @Test
    void whoHangsBeforeAnAnswerIsLeftAfterTheTimeout() {
        receiver.at("/mute", (call, received) -> {
            receiver.over.await();
            return Reply.DONE;
        });
        bot("mute", ",\"timeout\":\"PT1S\"", "");

        node.put("mute-in", 0, 1);

        awaitError("mute", "no whole answer within PT1S");
    }

    @Test
    void whoHangsWithinAnAnswerOrWithoutAConnectionIsLeft() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = listener.accept();
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"
                                        .getBytes(StandardCharsets.US_ASCII));
                        socket.getOutputStream().flush();
                    }
                } catch (java.io.IOException e) {
                    // The test is over.
                }
            });
            thread.setDaemon(true);
            thread.start();
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/";
            WholeNode.ok(register("halting", url, "", ""));
            node.put("halting-in", 0, 1);
            awaitError("halting", "the answer didn't end within PT1S");
        }
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        WholeNode.ok(register("closed", "http://127.0.0.1:" + closed + "/", "", ""));
        node.put("closed-in", 0, 1);
        awaitError("closed", "the connection was refused");
    }

    @Test
    void aNameThatIsntThereIsAnError() {
        WholeNode.ok(register("nowhere", "http://hooks.invalid/", "", ""));

        node.put("nowhere-in", 0, 1);

        awaitError("nowhere", "there is no host hooks.invalid");
    }

    @Test
    void killEndsACallAtOnce() {
        receiver.at("/killed", (call, received) -> {
            if (call == 0) {
                receiver.over.await();
            }
            return Receiver.copy("killed-out", received);
        });
        bot("killed");
        node.put("killed-in", 0, 3);
        Awaitility.await().atMost(WAIT).until(() -> receiver.received("/killed").size() == 1);

        WholeNode.ok(node.send("POST", "/v1/bots/killed/kill", "{}"));

        node.awaitEvents("killed-out", 3);
    }

    @Test
    void aScheduledWebhookIsCalledWithNothing() {
        receiver.at(
                "/cron",
                (call, received) -> Reply.json("{\"emit\":[{\"queue\":\"cron-out\",\"payload\":\""
                        + received.body().length() + "\"}]}"));
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/cron",
                "{\"schedule\":\"* * * * * *\",\"handler\":{\"type\":\"webhook\",\"url\":\"" + receiver.url("/cron")
                        + "\"}}"));

        Awaitility.await().atMost(WAIT).until(() -> node.events("cron-out") >= 2);
        node.send("DELETE", "/v1/bots/cron", null);
        assertThat(node.read("cron-out").get(0).get("payload").asText()).isEqualTo("0");
    }

    @Test
    void aSecretIsNeverShownAndIsKeptWhenWhatWasShownComesBack() {
        receiver.at("/secret", (call, received) -> Receiver.copy("secret-out", received));
        HttpResponse<String> put =
                register("secret", receiver.url("/secret"), ",\"secret\":\"" + SECRET + "\",\"format\":\"json\"", "");
        String get = node.send("GET", "/v1/bots/secret", null).body();

        assertThat(put.body()).doesNotContain(SECRET);
        assertThat(get).doesNotContain(SECRET);
        String shown = node.bot("secret").at("/handler/secret").asText();
        assertThat(shown).isEqualTo("******");
        WholeNode.ok(register("secret", receiver.url("/secret"), ",\"secret\":\"" + shown + "\"", ",\"owner\":\"me\""));
        node.put("secret-in", 0, 1);
        node.awaitEvents("secret-out", 1);
        Received call = receiver.received("/secret").get(0);
        assertThat(call.header("webhook-signature")).startsWith("v1,");
        assertThat(register("other", receiver.url("/"), ",\"secret\":\"******\"", "")
                        .statusCode())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://example.com | | /handler/url",
                "http://u:p@example.com | | /handler/url",
                "http://10.0.0.1/ | | /handler/url",
                "http://169.254.169.254/latest/meta-data | | /handler/url",
                "http://2130706433/ | | /handler/url",
                "http://[::ffff:10.0.0.1]/ | | /handler/url",
                "http://127.0.0.2/ | | /handler/url",
                "http://example.com | ,\"timeout\":\"PT0S\" | /handler/timeout",
                "http://example.com | ,\"timeout\":\"PT1H\" | /handler/timeout",
                "http://example.com | ,\"secret\":\"x\" | /handler/secret",
                "http://example.com | ,\"format\":\"xml\" | /handler/format",
                "http://example.com | ,\"class\":\"forward\" | /handler/class"
            })
    void whatCantWorkIsRefusedWithAPointer(
            String url, @org.jspecify.annotations.Nullable String handler, String pointer) {
        HttpResponse<String> answer = register("bad", url, handler == null ? "" : handler, "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(WholeNode.json(answer.body()).at("/errors/0/pointer").asText())
                .isEqualTo(pointer);
    }

    @Test
    void allOfABatchMayBecomeOneEvent() {
        receiver.at(
                "/sum",
                (call, received) -> Reply.json("{\"emit\":[{\"queue\":\"sum-out\",\"payload\":"
                        + received.payloads().stream().mapToInt(i -> i).sum() + "}]}"));
        bot("sum");

        node.put("sum-in", 0, 5);

        node.awaitTail("sum", "sum-in");
        assertThat(WholeNode.payloads(node.read("sum-out")).stream()
                        .mapToInt(i -> i)
                        .sum())
                .isEqualTo(10);
        assertThat(node.read("sum-out").get(0).at("/correlation_id/units").asInt())
                .isPositive();
    }
}
