package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final String TYPE = "Content-Type";
    private static final String JSON = "application/json";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.settings());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void reset() {
        server.queues.reset();
        server.obstacles.clear();
    }

    private static HttpResponse<String> ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue(TYPE)).contains(JSON);
        return answer;
    }

    @Test
    void shouldMakeAQueueAndTellItsEntityTag() {
        HttpResponse<String> answer = server.send("PUT", "/v1/queues/orders", "{\"description\":\"all\"}", TYPE, JSON);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("ETag")).contains("\"7\"");
        assertThat(answer.body()).contains("\"queue\":\"orders\"", "\"description\":\"all\"");
        assertThat(server.queues.changes).containsExactly("configure orders all");
    }

    @Test
    void shouldMakeAQueueWithoutABody() {
        assertThat(server.send("PUT", "/v1/queues/orders", "").statusCode()).isEqualTo(201);
    }

    @Test
    void shouldHoldAChangeAgainstTheEntityTag() {
        server.send("POST", "/v1/queues/orders/events", "1", TYPE, JSON);

        assertThat(server.send("PUT", "/v1/queues/orders", "{}", TYPE, JSON, "If-Match", "\"7\"")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> late = server.send("PUT", "/v1/queues/orders", "{}", TYPE, JSON, "If-Match", "\"6\"");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.body()).contains("urn:millrace:problem:precondition-failed");
    }

    @Test
    void shouldDescribeListAndArchiveQueues() {
        server.send("POST", "/v1/queues/orders/events", "1", TYPE, JSON);
        server.send("POST", "/v1/queues/priced/events", "1", TYPE, JSON);

        assertThat(ok(server.get("/v1/queues/orders")).body()).contains("\"queue\":\"orders\"");
        assertThat(server.get("/v1/queues/unknown").statusCode()).isEqualTo(404);
        assertThat(ok(server.get("/v1/queues?prefix=pr&limit=10")).body())
                .contains("priced")
                .doesNotContain("orders");
        assertThat(ok(server.get("/v1/queues/orders/producers/p1")).body())
                .contains("\"producer\":\"p1\"", "\"sequence\":5");
        ok(server.send("DELETE", "/v1/queues/orders", ""));
        ok(server.send("DELETE", "/v1/queues/priced?purge=true", ""));
        assertThat(server.queues.changes).contains("archive orders", "archive priced and purge");
    }

    @Test
    void shouldRegisterABot() {
        HttpResponse<String> answer = server.send(
                "PUT",
                "/v1/bots/price",
                "{\"triggers\":[\"orders\"],\"handler\":{\"type\":\"worker\"},\"maxDuration\":\"PT5M\"}",
                TYPE,
                JSON);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(answer.body())
                .contains("\"bot\":\"price\"", "\"triggers\":[\"orders\"]", "\"maxDuration\":\"PT5M\"");
        assertThat(server.queues.changes).containsExactly("register price [orders]");
    }

    @Test
    void shouldSteerBots() {
        ok(server.get("/v1/bots/price"));
        assertThat(ok(server.get("/v1/bots?state=nominal")).body()).contains("\"next\":\"price\"");
        assertThat(ok(server.get("/v1/bots/price/runs")).body()).contains("\"r9\"", "\"r8\"", "\"r7\"");
        assertThat(ok(server.get("/v1/bots/price/runs?limit=2")).body())
                .contains("\"r9\"", "\"r8\"")
                .doesNotContain("\"r7\"");
        assertThat(ok(server.get("/v1/bots/price/explain")).body())
                .isEqualTo("{\"running\":false,\"because\":\"It is paused.\",\"checks\":[{\"check\":\"not-paused\","
                        + "\"passed\":false,\"evidence\":\"it is paused\"}]}");
        ok(server.send("POST", "/v1/bots/price/pause", "{\"reason\":\"lunch\"}", TYPE, JSON));
        ok(server.send("POST", "/v1/bots/price/pause", ""));
        ok(server.send("POST", "/v1/bots/price/resume", ""));
        ok(server.send("POST", "/v1/bots/price/run", ""));
        ok(server.send("POST", "/v1/bots/price/kill", ""));
        ok(server.send("PUT", "/v1/bots/price/checkpoints/orders", "{\"position\":\"beginning\"}", TYPE, JSON));
        ok(server.send("DELETE", "/v1/bots/price", ""));

        assertThat(server.queues.changes)
                .containsExactly(
                        "pause for lunch price",
                        "pause for null price",
                        "resume price",
                        "run price",
                        "kill price",
                        "reset orders to beginning price",
                        "archive price");
    }

    @Test
    void shouldSteerBotsTogether() {
        assertThat(ok(server.send(
                                "POST",
                                "/v1/bots/pause?tag=night%20shift&after=b&limit=7",
                                "{\"reason\":\"lunch\"}",
                                TYPE,
                                JSON))
                        .body())
                .isEqualTo("{\"bots\":2,\"next\":\"price\"}");
        ok(server.send("POST", "/v1/bots/resume?tag=night%20shift", ""));
        assertThat(ok(server.send("POST", "/v1/queues/orders/readers/pause", ""))
                        .body())
                .isEqualTo("{\"bots\":1}");
        ok(server.send("POST", "/v1/queues/orders/readers/resume", ""));
        assertThat(server.send("POST", "/v1/bots/pause", "").statusCode()).isEqualTo(400);
        assertThat(ok(server.get("/v1/bots/pause")).body())
                .as("a bot may have that name")
                .contains("\"bot\":\"pause\"");
        HttpResponse<String> none = server.send("PATCH", "/v1/bots/pause", "");
        assertThat(none.statusCode()).isEqualTo(405);
        assertThat(none.headers().firstValue("Allow").orElse("")).contains("POST", "GET", "PUT", "DELETE");

        assertThat(server.queues.changes)
                .containsExactly(
                        "pause for lunch all tagged night shift after b at most 7",
                        "resume all tagged night shift after  at most 100",
                        "pause for null readers of orders",
                        "resume readers of orders");
    }

    @Test
    void shouldGrantARunOrSayThatThereIsNothingToDo() {
        HttpResponse<String> grant =
                server.send("POST", "/v1/bots/price/runs?wait=30", "{\"worker\":\"w1\"}", TYPE, JSON);
        HttpResponse<String> none = server.send("POST", "/v1/bots/idle/runs", "{\"worker\":\"w1\"}", TYPE, JSON);

        assertThat(grant.statusCode()).isEqualTo(201);
        assertThat(grant.body()).contains("\"run\":\"r1\"", "\"token\":\"", "\"heartbeatEvery\":\"PT5S\"");
        assertThat(none.statusCode()).isEqualTo(204);
        assertThat(none.body()).isEmpty();
        assertThat(server.queues.changes).containsExactly("ask price by w1 for 30 s", "ask idle by w1 for 0 s");
    }

    @Test
    void shouldTakeWhatAWorkerSaysDuringItsRun() {
        String[] headers = {TYPE, JSON, "Millrace-Run", TestServer.TOKENS.sign(FakeBots.RUN)};

        assertThat(ok(server.send("POST", "/v1/runs/r1/heartbeat", "", headers)).body())
                .contains("\"stop\":false");
        assertThat(server.send(
                                "POST",
                                "/v1/runs/r1/checkpoint",
                                "{\"checkpoints\":{\"orders\":{\"checkpoint\":\"z/2024\",\"records\":3}}}",
                                headers)
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.send("POST", "/v1/runs/r1/complete", "{\"status\":\"ok\"}", headers)
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.queues.changes).containsExactly("heartbeat r1", "checkpoint r1 [orders]", "complete r1 OK");
    }

    @Test
    void shouldTellItsHealthAndMetrics() {
        ok(server.get("/health/live"));
        ok(server.get("/health/ready"));
        HttpResponse<String> metrics = server.get("/metrics");
        assertThat(metrics.body()).isEqualTo("millrace_up 1\n");
        assertThat(metrics.headers().firstValue(TYPE))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));

        server.obstacles.add("Cassandra doesn't answer");
        HttpResponse<String> unready = server.get("/health/ready");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).contains("Cassandra doesn't answer", "urn:millrace:problem:unavailable");
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldSayWhatIsAllowedAndNotWhoItIs() {
        HttpResponse<String> answer = server.send("PATCH", "/v1/queues/orders/events", "");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST, GET");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void shouldTakeATargetInAbsoluteForm() throws Exception {
        RawHttp.Answer answer =
                RawHttp.send(server.port(), RawHttp.request("GET", "http://test/health/live", new byte[0]));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void theClusterTellsItsMembersAndWhereAThingLives() {
        assertThat(server.get("/v1/cluster").body())
                .contains("\"node\":\"pekko://m@a:1\"", "\"oldest\":true")
                .doesNotContain("entity");
        assertThat(server.get("/v1/cluster?queue=q").body())
                .contains("\"entity\":{\"kind\":\"queue\",\"name\":\"q\",\"shard\":\"7\"");
        assertThat(server.get("/v1/cluster?bot=b").statusCode()).isEqualTo(503);
        assertThat(server.get("/v1/cluster?queue=q&bot=b").statusCode()).isEqualTo(400);
        assertThat(server.get("/v1/cluster?queue=-").statusCode()).isEqualTo(400);
        assertThat(server.get("/v1/cluster?name=q").statusCode()).isEqualTo(400);
    }

    @Test
    void shouldGiveItsContract() {

        HttpResponse<String> answer = server.get("/openapi.yaml");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue(TYPE)).contains("application/yaml");
        assertThat(answer.body()).contains("openapi: 3.1");
    }
}
