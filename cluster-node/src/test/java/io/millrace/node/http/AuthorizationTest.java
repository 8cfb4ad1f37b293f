package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Access;
import io.millrace.node.application.Caller;
import io.millrace.node.application.Rights;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.http.Contract.Operation;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.json.Json;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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
        operation.grants().forEach(grant -> others.remove(grant.replaceAll("\\{[a-z]+}", NAME)));
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
    void shouldTakeTwoAuthorizationsForNone() {
        HttpResponse<String> answer =
                server.get("/v1/queues", "Authorization", "Bearer admin:*", "Authorization", "Bearer admin:*");

        assertThat(answer.statusCode()).isEqualTo(401);
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
