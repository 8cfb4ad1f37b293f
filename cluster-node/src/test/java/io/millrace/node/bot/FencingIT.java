package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.WholeNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker whose lease is over tries is refused wherever it arrives, over HTTP on a whole node. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class FencingIT {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static WholeNode node;

    @BeforeAll
    static void start() {
        node = WholeNode.start(Map.of("millrace.bot.heartbeat-every", "1 s", "millrace.bot.lost-after", "3 s"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private record Worker(String bot, String run, String token) {
        HttpResponse<String> append(String queue, String... more) {
            String[] headers = new String[more.length + 2];
            headers[0] = "Millrace-Run";
            headers[1] = token;
            System.arraycopy(more, 0, headers, 2, more.length);
            return node.send(
                    "POST",
                    "/v1/queues/" + queue + "/events",
                    "{\"payload\":1,\"correlation_id\":{\"source\":\"" + bot + "-in\",\"start\":\"" + first(bot)
                            + "\",\"units\":1}}\n",
                    headers);
        }

        HttpResponse<String> says(String what, String body) {
            return node.send("POST", "/v1/runs/" + run + "/" + what, body, "Millrace-Run", token);
        }

        HttpResponse<String> checkpoint(String position) {
            return says(
                    "checkpoint",
                    "{\"checkpoints\":{\"" + bot + "-in\":{\"checkpoint\":\"" + position + "\",\"records\":1}}}");
        }

        /** Its epoch is closed everywhere. */
        void isStale() {
            // Its bot refuses at once; a queue that it has written to does once it has heard of the end.
            Awaitility.await()
                    .atMost(WAIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> append(bot + "-out").statusCode() == 409);
            long before = node.events(bot + "-out");
            assertStale(says("heartbeat", ""));
            assertStale(checkpoint(first(bot)));
            assertStale(says("complete", "{\"status\":\"ok\"}"));
            assertStale(append(bot + "-out"));
            assertStale(append(bot + "-elsewhere"));
            assertThat(node.events(bot + "-out")).isEqualTo(before);
            assertThat(node.events(bot + "-elsewhere")).isZero();
        }
    }

    private static void assertStale(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
        assertThat(response.body()).contains("urn:millrace:problem:stale-run");
    }

    /** The first event of a bot's queue. */
    private static String first(String bot) {
        return node.read(bot + "-in").get(0).get("eid").asText();
    }

    private static void register(String bot, String more) {
        WholeNode.ok(node.send(
                "PUT",
                "/v1/bots/" + bot,
                "{\"triggers\":[\"" + bot + "-in\"],\"handler\":{\"type\":\"worker\"}" + more + "}"));
    }

    /** A worker that has been granted the next run. */
    private static Worker grant(String bot) {
        HttpResponse<String> response = node.send("POST", "/v1/bots/" + bot + "/runs?wait=20", "{\"worker\":\"w\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        JsonNode grant = WholeNode.json(response.body());
        return new Worker(bot, grant.get("run").asText(), grant.get("token").asText());
    }

    private static Worker running(String bot) {
        node.put(bot + "-in", 0, 3);
        register(bot, "");
        Worker worker = grant(bot);
        WholeNode.ok(worker.says("heartbeat", ""));
        WholeNode.ok(worker.append(bot + "-out"));
        return worker;
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "reset", "complete", "archive", "register", "kill and the next run"})
    void whatARunDoesAfterItsEndIsRefusedEverywhere(String how) {
        String bot = "after-" + how.replace(' ', '-');
        Worker worker = running(bot);
        WholeNode.ok(
                switch (how) {
                    case "reset" ->
                        node.send("PUT", "/v1/bots/" + bot + "/checkpoints/" + bot + "-in", "{\"position\":\"now\"}");
                    case "complete" -> worker.says("complete", "{\"status\":\"ok\"}");
                    case "archive" -> node.send("DELETE", "/v1/bots/" + bot, null);
                    case "register" ->
                        node.send(
                                "PUT",
                                "/v1/bots/" + bot,
                                "{\"triggers\":[\"" + bot
                                        + "-in\"],\"handler\":{\"type\":\"worker\"},\"maxDuration\":\"PT5M\"}");
                    default -> node.send("POST", "/v1/bots/" + bot + "/kill", "");
                });
        if (how.endsWith("next run")) {
            Worker next = grant(bot);
            WholeNode.ok(next.append(bot + "-out"));
        }

        worker.isStale();
    }

    @Test
    void aRunThatOverstaysIsRefusedAfterItsDeadline() {
        node.put("late-in", 0, 1);
        register("late", ",\"maxDuration\":\"PT2S\"");
        Worker worker = grant("late");
        Awaitility.await()
                .atMost(WAIT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> worker.says("heartbeat", "").statusCode() == 409);
        worker.isStale();
    }

    @Test
    void aWorkerThatHangsLosesItsLeaseAndAnotherOneGetsTheNextRun() {
        Worker hangs = running("hangs");
        long begun = System.nanoTime();

        Worker next = grant("hangs");

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
        assertThat(next.run()).isNotEqualTo(hangs.run());
        hangs.isStale();
        WholeNode.ok(next.says("heartbeat", ""));
    }

    @Test
    void aTokenThatIsForgedAlteredOrAnothersIsRefused() {
        Worker mine = running("mine");
        Worker others = running("others");
        String token = mine.token();
        int dot = token.indexOf('.');
        String altered = (token.charAt(0) == 'A' ? "B" : "A") + token.substring(1);
        String crossed = token.substring(0, dot)
                + others.token().substring(others.token().indexOf('.'));
        for (String bad : new String[] {altered, crossed, "nonsense", "bm9uc2Vuc2U.bm9uc2Vuc2U"}) {
            WholeNode.ok(mine.says("heartbeat", "")); // slow machines take longer than a lease for all of it
            WholeNode.ok(others.says("heartbeat", ""));
            Worker forger = new Worker("mine", mine.run(), bad);
            assertStale(forger.says("heartbeat", ""));
            assertStale(forger.checkpoint(first("mine")));
            assertStale(forger.says("complete", "{\"status\":\"ok\"}"));
            assertStale(forger.append("mine-out"));
        }
        assertStale(new Worker("mine", mine.run(), others.token()).says("heartbeat", ""));
        assertThat(others.append("mine-out", "Millrace-Bot", "mine").statusCode())
                .isEqualTo(400);
        WholeNode.ok(mine.says("heartbeat", ""));
        WholeNode.ok(others.says("heartbeat", ""));
    }

    @Test
    void aCheckpointDoesntMoveBackwards() {
        Worker worker = running("forward");
        var events = node.read("forward-in");
        WholeNode.ok(worker.checkpoint(events.get(1).get("eid").asText()));

        HttpResponse<String> back = worker.checkpoint(events.get(0).get("eid").asText());

        assertThat(back.statusCode()).isEqualTo(409);
        assertThat(back.body()).contains("urn:millrace:problem:checkpoint-backwards");
        WholeNode.ok(worker.checkpoint(events.get(2).get("eid").asText()));
    }
}
