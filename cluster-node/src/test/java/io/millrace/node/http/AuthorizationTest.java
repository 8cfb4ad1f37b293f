package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Access;
import io.millrace.node.application.Caller;
import io.millrace.node.application.Rights;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.http.Contract.Operation;
import io.millrace.protocol.BotId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Problem;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operation of openapi.yaml takes of its caller; a new one is held to its {@code security} by itself. */
class AuthorizationTest {
    private static final String NAME = "mine";
    private static final String RUN =
            TestServer.TOKENS.sign(new RunRef(new BotId(NAME), NAME, 1, 0, Instant.parse("2100-01-01T00:00:00Z")));

    /** Whoever says his grants has them, with commas between. */
    private static final Access SAYS_SO = authorization -> {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        String grants = authorization.substring("Bearer ".length());
        if (grants.equals("away")) {
            return CompletableFuture.failedStage(new StorageAwayException(new IllegalStateException("for the test")));
        }
        // Found out later, as a key that isn't known yet.
        return CompletableFuture.supplyAsync(() -> Optional.of(new Caller(
                "test",
                "test",
                Caller.Kind.KEY,
                Rights.parse(grants.equals("none") ? List.of() : List.of(grants.split(","))))));
    };

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.settings(), "", SAYS_SO);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Stream<Operation> operations() {
        return Contract.operations().stream();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldServeNothingButHealthToWhoProvesNothing(Operation operation) {
        HttpResponse<String> answer = server.send(operation.method(), operation.target(NAME), "");

        if (operation.path().startsWith("/health/")) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(operation.open()).isTrue();
        } else {
            assertThat(operation.open()).isFalse();
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(Json.read(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8), Problem.class)
                            .type())
                    .isEqualTo("urn:millrace:problem:unauthenticated");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldRefuseWhoLacksTheGrantThatTheContractNames(Operation operation) {
        if (operation.grants().isEmpty()) {
            return;
        }
        List<String> others = new ArrayList<>(List.of("read:" + NAME, "write:" + NAME, "run:" + NAME));
        for (String grant : String.join(",", operation.grants()).split(",")) {
            others.remove(grant.replaceAll("\\{[a-z]+}", NAME));
        }
        others.addAll(List.of("admin:other", "admin:" + NAME + ".*", "admin:min"));

        HttpResponse<String> answer = send(operation, String.join(",", others));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).doesNotContain(NAME);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldLetPassWhoHasTheGrantThatTheContractNames(Operation operation) {
        List<String> enough = operation.grants().isEmpty()
                ? List.of("none")
                : operation.grants().stream()
                        .map(grant -> grant.replaceAll("\\{[a-z]+}", NAME))
                        .toList();
        for (String grant : enough) {
            HttpResponse<String> answer = send(operation, grant);

            assertThat(answer.statusCode()).as(grant + ": " + answer.body()).isNotIn(401, 403, 500);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldAnswerAlikeForWhatIsSomebodyElsesAndForWhatIsNot(Operation operation) {
        if (operation.grants().isEmpty()) {
            return;
        }
        HttpResponse<String> foreign = send(operation, "admin:other");
        HttpResponse<String> absent = server.send(
                operation.method(), operation.target("nobodys"), "", headers("admin:other", runOf("nobodys")));

        assertThat(absent.statusCode()).isEqualTo(foreign.statusCode());
        assertThat(absent.body()).isEqualTo(foreign.body());
        assertThat(absent.headers().map().keySet())
                .isEqualTo(foreign.headers().map().keySet());
    }

    @Test
    void shouldTellWhatThereIsToThoseWhoAreKnownOnly() {
        assertThat(server.get("/v1/nonsense").statusCode()).isEqualTo(401);
        assertThat(server.send("PATCH", "/v1/queues", "").statusCode()).isIn(401, 405);
        assertThat(server.get("/v1/nonsense", headers("none", RUN)).statusCode())
                .isEqualTo(404);
        assertThat(server.get("/v1/queues/x/events?nonsense=1").statusCode()).isEqualTo(401);
        assertThat(server.get("/v1/queues/x/events?nonsense=1", headers("read:x", RUN))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldLetNobodyWriteInTheNameOfABotThatIsNotHis() {
        String events = "/v1/queues/q/events";
        String[] json = {"Content-Type", "application/json", "Authorization", "Bearer write:q,run:mine"};

        server.queues.appends.clear();
        assertThat(append("{\"payload\":1}", json)).isEqualTo(200);
        assertThat(append("{\"payload\":1}", json, Headers.BOT, "mine")).isEqualTo(200);
        assertThat(append("{\"payload\":1}", json, Headers.BOT, "other")).isEqualTo(403);
        assertThat(append("{\"id\":\"mine\",\"payload\":1}", json)).isEqualTo(200);
        assertThat(append("[{\"payload\":1},{\"id\":\"other\",\"payload\":1}]", json))
                .isEqualTo(403);
        assertThat(append("{\"payload\":1}", json, Headers.RUN, runOf("other"))).isEqualTo(403);
        assertThat(server.queues.appends).hasSize(3);
        for (String writer : List.of("mine", "other")) {
            BlockWriter block = new BlockWriter(writer);
            block.add(NewEvent.of(Payload.of(1)));
            assertThat(appendBlock(events, block)).isEqualTo(writer.equals("mine") ? 200 : 403);
        }
        BlockWriter mixed = new BlockWriter("mine");
        mixed.add(NewEvent.of(Payload.of(1)));
        mixed.add(new NewEvent(Payload.of(1), null, null, "other"));
        assertThat(appendBlock(events, mixed)).isEqualTo(403);
    }

    private static int append(String body, String[] fixed, String... more) {
        return server.send(server.request("/v1/queues/q/events", fixed)
                        .headers(more.length == 0 ? new String[] {"X-None", "x"} : more)
                        .method("POST", BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static int appendBlock(String target, BlockWriter block) {
        byte[] body = block.build(false).toBytes();
        return server.send(server.request(
                                target, "Content-Type", MediaTypes.BLOCK, "Authorization", "Bearer write:q,run:mine")
                        .method("POST", BodyPublishers.ofByteArray(body)))
                .statusCode();
    }

    @Test
    void shouldLetNobodyReachThroughABotWhatHeCannotReachHimself() {
        String bot =
                "{\"handler\":{\"type\":\"worker\"},\"triggers\":[\"in\"],\"reads\":[\"look\"],\"writes\":[\"out\"]}";

        assertThat(register(bot, "admin:mine,read:in,read:look,write:out")).isNotEqualTo(403);
        assertThat(register(bot, "admin:mine,read:look,write:out")).isEqualTo(403);
        assertThat(register(bot, "admin:mine,read:in,write:out")).isEqualTo(403);
        assertThat(register(bot, "admin:mine,read:in,read:look,read:out")).isEqualTo(403);
    }

    private static int register(String bot, String grants) {
        return server.send(
                        "PUT",
                        "/v1/bots/mine",
                        bot,
                        "Authorization",
                        "Bearer " + grants,
                        "Content-Type",
                        "application/json")
                .statusCode();
    }

    @Test
    void shouldHoldWhatABodyNamesAgainstTheGrantsToo() {
        String replay = "{\"bot\":\"mine\",\"queue\":\"in\",\"after\":\"beginning\"}";
        String suspicion = "{\"queue\":\"in\",\"eid\":\"z/2023/11/14/22/13/1700000000000-0000001\",\"error\":\"x\"}";

        assertThat(post("/v1/replays", replay, "admin:mine,read:in")).isNotEqualTo(403);
        assertThat(post("/v1/replays", replay, "admin:mine")).isEqualTo(403);
        assertThat(post("/v1/replays", replay, "read:in,run:mine")).isEqualTo(403);
        assertThat(server.get("/v1/replays?bot=mine", headers("run:mine", RUN)).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v1/replays?bot=other", headers("run:mine", RUN)).statusCode())
                .isEqualTo(403);
        assertThat(post("/v1/runs/mine/suspect", suspicion, "run:mine,read:in")).isNotEqualTo(403);
        assertThat(post("/v1/runs/mine/suspect", suspicion, "run:mine")).isEqualTo(403);
    }

    private static int post(String target, String body, String grants) {
        return server.send(
                        "POST",
                        target,
                        body,
                        "Authorization",
                        "Bearer " + grants,
                        "Content-Type",
                        "application/json",
                        Headers.RUN,
                        RUN)
                .statusCode();
    }

    @Test
    void shouldWriteDownWhoChangedWhatAndWhoWasRefused() {
        server.notes.clear();

        server.send("PUT", "/v1/queues/noted", "", headers("admin:noted", RUN));
        server.send("PUT", "/v1/queues/a%0D%0Ab", "", headers("admin:noted", RUN));
        server.send("DELETE", "/v1/queues/foreign", "", headers("admin:noted", RUN));
        server.get("/v1/queues/noted", headers("read:noted", RUN));
        server.get("/v1/queues/noted");
        server.send("POST", "/v1/nonsense", "");
        append("{\"payload\":1}", new String[] {"Content-Type", "application/json", "Authorization", "Bearer write:q"});
        append("{\"payload\":1}", new String[] {"Content-Type", "application/json", "Authorization", "Bearer read:q"});
        server.send(
                "POST",
                "/v1/keys",
                "{\"name\":\"shop\",\"grants\":[\"read:*\"]}",
                "Authorization",
                "Bearer admin:*",
                "Content-Type",
                "application/json");

        assertThat(server.notes)
                .extracting(note -> note.caller() + " " + note.action() + " [" + note.target() + "] " + note.status())
                .containsExactly(
                        "test PUT /v1/queues/{queue} [noted] 201",
                        "test PUT /v1/queues/{queue} [a\r\nb] 400",
                        "test DELETE /v1/queues/{queue} [foreign] 403",
                        "nobody GET /v1/queues/{queue} [noted] 401",
                        "nobody POST ? [] 401",
                        "test POST /v1/queues/{queue}/events [q] 403",
                        "test POST /v1/keys [shop:00] 201");
        assertThat(server.notes).allSatisfy(note -> {
            assertThat(note.remote()).isEqualTo("127.0.0.1");
            assertThat(note.toString()).doesNotContain(FakeKeys.SECRET);
        });
    }

    @Test
    void shouldTakeTwoAuthorizationsForNone() {
        HttpResponse<String> answer =
                server.get("/v1/queues", "Authorization", "Bearer admin:*", "Authorization", "Bearer admin:*");

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void shouldNotAnswerAWaitingReadWhoseCallerIsNobodyAnyMore() throws Exception {
        AtomicBoolean revoked = new AtomicBoolean();
        Access access = authorization ->
                revoked.get() ? CompletableFuture.completedStage(Optional.empty()) : SAYS_SO.caller(authorization);
        try (TestServer own = new TestServer(TestServer.settings(), "", access)) {
            CompletableFuture<HttpResponse<String>> waiting =
                    own.sendAsync(own.request("/v1/queues/q/events?wait=20", "Authorization", "Bearer read:q")
                            .GET());
            // For half a second it is taken for who it was.
            Awaitility.await().pollDelay(Duration.ofMillis(510)).until(own.queues::isAwaited);
            revoked.set(true);
            server.queues.appends.clear();
            append(
                    "{\"payload\":1}",
                    new String[] {"Content-Type", "application/json", "Authorization", "Bearer write:q"});

            own.queues.append(new QueueName("q"), server.queues.appends.get(0));

            HttpResponse<String> answer = waiting.get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).doesNotContain("payload");
        }
    }

    @Test
    void shouldSayThatItCannotTellWhileTheKeysAreAway() {
        HttpResponse<String> answer = server.get("/v1/queues", "Authorization", "Bearer away");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private static String runOf(String bot) {
        return TestServer.TOKENS.sign(new RunRef(new BotId(bot), bot, 1, 0, Instant.parse("2100-01-01T00:00:00Z")));
    }

    private static HttpResponse<String> send(Operation operation, String grants) {
        return server.send(operation.method(), operation.target(NAME), "", headers(grants, RUN));
    }

    private static String[] headers(String grants, String run) {
        return new String[] {"Authorization", "Bearer " + grants, Headers.RUN, run};
    }
}
