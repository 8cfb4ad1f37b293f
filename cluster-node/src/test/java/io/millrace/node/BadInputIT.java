package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registrations that can't work, and java handlers that don't behave, on a whole node: each has its outcome. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BadInputIT {
    private static final Duration WAIT = Duration.ofMinutes(2);
    private static WholeNode node;

    @BeforeAll
    static void start() {
        node = WholeNode.start(Map.of("millrace.bot.linger", "200 ms"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /handler/class   | {"triggers":["a"],"handler":{"type":"java","class":"com.example.Nowhere"}}
            /handler/class   | {"triggers":["a"],"handler":{"type":"webhook","url":"https://example.com/x","class":"com.example.X"}}
            /handler/url     | {"triggers":["a"],"handler":{"type":"java","class":"forward","url":"https://example.com/x"}}
            /handler         | {"triggers":["a"],"handler":{"type":"carrier-pigeon"}}
            /handler         | {"triggers":["a"]}
            /writes/1        | {"triggers":["a","b"],"writes":["c","b"],"handler":{"type":"worker"}}
            /writes/0        | {"reads":["a"],"schedule":"* * * * *","writes":["a"],"handler":{"type":"worker"}}
            /handler/settings/to | {"triggers":["a"],"handler":{"type":"java","class":"forward","settings":{"to":"a"}}}
            /schedule        | {"schedule":"0 0 30 2 *","handler":{"type":"worker"}}
            /schedule        | {"schedule":"often","handler":{"type":"worker"}}
            /timeZone        | {"schedule":"* * * * *","timeZone":"Mars/Olympus","handler":{"type":"worker"}}
            """)
    void whatCantWorkIsRefusedWithAPointerAndNothingIsRegistered(String pointer, String config) {
        HttpResponse<String> answer = node.send("PUT", "/v1/bots/wrong", config);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("\"pointer\":\"" + pointer + "\"");
        assertThat(node.send("GET", "/v1/bots/wrong", null).statusCode()).isEqualTo(404);
    }

    @Test
    void aBotThatMayGoInACircleComesToItsEndAndOneThatMayNotFailsBeforeItBegins() {
        node.put("round", 0, 1);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/circling",
                "{\"triggers\":[\"round\"],\"writes\":[\"round\"],\"allowCycle\":true,\"handler\":"
                        + unruly("round", "countTo5") + "}"));
        node.awaitEvents("round", 6);
        node.awaitTail("circling", "round");
        assertThat(WholeNode.payloads(node.read("round"))).isEqualTo(WholeNode.numbers(6));

        node.put("straight", 0, 1);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/secretly-circling",
                "{\"triggers\":[\"straight\"],\"handler\":" + unruly("straight", "countTo5") + "}"));
        awaitError("secretly-circling", "allowCycle");
        assertThat(node.events("straight")).isEqualTo(1);
        assertThat(node.events("secretly-circling.dead")).isZero();
    }

    @Test
    void anEventWhoseHandlerHangsIsGivenUpAtTheDeadlineFoundAndDisposedOf() {
        node.put("slow", 0, 10);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/hanging",
                "{\"triggers\":[\"slow\"],\"maxDuration\":\"PT1S\",\"retry\":{\"attempts\":1,\"backoff\":\"PT0.1S\"},"
                        + "\"handler\":" + unruly("slow-out", "hangAt4") + "}"));

        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(
                                node.send("GET", "/v1/bots/hanging/runs", null).body())
                        .contains("\"outcome\":\"expired\"", "didn't end before its deadline"));
        node.awaitEvents("hanging.dead", 1);
        node.awaitEvents("slow-out", 9);
        assertThat(node.read("hanging.dead")
                        .get(0)
                        .get("payload")
                        .get("payload")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void whoIgnoresThatItIsToStopHasNoEffectAndKeepsNobodyWaiting() {
        node.put("deaf", 0, 3);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/ignoring",
                "{\"triggers\":[\"deaf\"],\"handler\":" + unruly("deaf-out", "deafOnce") + "}"));
        Awaitility.await().atMost(WAIT).until(() -> Unruly.DEAF.get() == 1);

        WholeNode.ok(node.send("POST", "/v1/bots/ignoring/kill", null));

        node.awaitEvents("deaf-out", 3);
        Unruly.HEARS.countDown();
        node.awaitTail("ignoring", "deaf");
        assertThat(WholeNode.payloads(node.read("deaf-out"))).isEqualTo(WholeNode.numbers(3));
    }

    @ParameterizedTest
    @CsvSource({"badName,queue", "hugeAt4,4194304 bytes", "unwritable,JSON", "throwAt4,can't", "error,StackOverflow"})
    void garbageOfOneEventIsItsOwnAndTheOthersAreThrough(String how, String says) {
        String in = "in-" + how.toLowerCase(java.util.Locale.ROOT);
        node.put(in, 0, 10);
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/garbage-" + in,
                "{\"triggers\":[\"" + in + "\"],\"retry\":{\"attempts\":1},\"handler\":" + unruly(in + "-out", how)
                        + "}"));

        node.awaitEvents("garbage-" + in + ".dead", 1);
        node.awaitEvents(in + "-out", 9);
        JsonNode letter = node.read("garbage-" + in + ".dead").get(0).get("payload");
        assertThat(letter.get("payload").asInt()).isEqualTo(4);
        assertThat(letter.get("error").asText()).contains(says);
    }

    @Test
    void aQueueThatIsPausedTakesWhatIsEmittedAndItsReadersGetItLater() {
        WholeNode.ok(node.send("PUT", "/v1/queues/resting", "{\"paused\":true}"));
        node.copy("before", "resting", "source");
        node.copy("after", "sink", "resting");

        node.put("source", 0, 50);
        node.awaitTail("before", "source");

        assertThat(node.events("resting")).isEqualTo(50);
        assertThat(node.bot("before").get("errorCount").asInt()).isZero();
        assertThat(node.events("sink")).isZero();
        WholeNode.ok(node.send("PUT", "/v1/queues/resting", "{\"paused\":false}"));
        node.awaitEvents("sink", 50);
    }

    private static String unruly(String to, String how) {
        return "{\"type\":\"java\",\"class\":\"io.millrace.node.Unruly\",\"settings\":{\"to\":\"" + to + "\",\"how\":\""
                + how + "\"}}";
    }

    private static void awaitError(String bot, String message) {
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() ->
                        assertThat(node.bot(bot).path("lastError").asText()).contains(message));
    }
}
