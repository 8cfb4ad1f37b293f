package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Access;
import io.millrace.node.application.Caller;
import io.millrace.node.application.Rights;
import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.QueueName;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What callers may have. Rates are so low that nothing is made good while a test runs. */
class LimitsTest {
    private static final String EVENTS = "/v1/queues/orders/events";
    private static final Duration BURST = Duration.ofSeconds(1_000);

    /** The key is the owner. */
    private static final Access BY_NAME =
            authorization -> CompletableFuture.completedStage(Optional.ofNullable(authorization)
                    .map(key -> new Caller(key, key.replaceFirst("-.*", ""), Caller.Kind.KEY, Rights.ALL)));

    @Test
    void aCallerHasItsShareOfRequestsAndNoOtherPaysForIt() {
        try (TestServer server = server(new HttpSettings.Limits(1, 0, Duration.ofSeconds(3), 0, 0, 0))) {
            HttpResponse<String> last = null;
            for (int i = 0; i < 20 && (last == null || last.statusCode() == 200); i++) {
                last = get(server, "mine");
            }
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(last.body())
                    .contains("urn:millrace:problem:rate-limited")
                    .contains("1 a second");
            assertThat(Integer.parseInt(last.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 3);

            assertThat(get(server, "mine-next").statusCode())
                    .as("a key that replaces it")
                    .isEqualTo(429);
            assertThat(get(server, "yours").statusCode()).isEqualTo(200);
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(refused(server, "requests")).isEqualTo(2);
        }
    }

    @Test
    void bytesCountInBothDirections() {
        try (TestServer server = server(new HttpSettings.Limits(0, 100, BURST, 0, 0, 0))) {
            HttpResponse<String> sent = server.send(
                    "POST",
                    EVENTS,
                    "\"" + "x".repeat(60_000) + "\"",
                    "Content-Type",
                    "application/json",
                    "Authorization",
                    "mine");
            assertThat(sent.statusCode()).isEqualTo(200);
            assertThat(get(server, "mine").statusCode())
                    .as("40,000 are left, the answer is larger")
                    .isEqualTo(200);

            HttpResponse<String> refused = get(server, "mine");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("bytes: 100 a second");
            assertThat(refused.headers()
                            .firstValue("Retry-After")
                            .map(Integer::parseInt)
                            .orElseThrow())
                    .isBetween(100, 300);
            assertThat(get(server, "yours").statusCode()).isEqualTo(200);
            assertThat(refused(server, "bytes")).isEqualTo(1);
        }
    }

    @Test
    void aStreamCountsToo() {
        try (TestServer server = server(new HttpSettings.Limits(0, 1_000, BURST, 0, 0, 0))) {
            for (String key : List.of("one", "two", "three")) {
                String large = "{\"payload\":\"" + "x".repeat(900_000) + "\"}\n";
                server.send("POST", EVENTS, large, "Content-Type", "application/x-ndjson", "Authorization", key);
            }
            HttpResponse<String> stream = get(server, "mine");
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("Content-Length")).isEmpty();
            assertThat(stream.body()).hasSizeGreaterThan(2_700_000);

            assertThat(get(server, "mine").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void thereMayBeSoManyQueuesAndNoMore() {
        try (TestServer server = server(new HttpSettings.Limits(0, 0, BURST, 0, 2, 0))) {
            assertThat(append(server, "one").statusCode()).isEqualTo(200);
            server.queues.append(new QueueName("two"), server.queues.appends.get(0)); // by another node
            assertThat(append(server, "two").statusCode()).isEqualTo(200);

            HttpResponse<String> refused = append(server, "three");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body())
                    .contains("urn:millrace:problem:quota-exceeded")
                    .contains("2 queues");
            assertThat(server.send(
                                    "PUT",
                                    "/v1/queues/three",
                                    "{}",
                                    "Content-Type",
                                    "application/json",
                                    "Authorization",
                                    "m")
                            .statusCode())
                    .isEqualTo(429);
            assertThat(server.queues.events("three")).isEmpty();
            assertThat(append(server, "two").statusCode())
                    .as("one that is there")
                    .isEqualTo(200);
            assertThat(refused(server, "queues")).isEqualTo(2);
        }
    }

    @Test
    void oneCallerCannotTakeAllReads() throws Exception {
        try (TestServer server = server(new HttpSettings.Limits(0, 0, BURST, 1, 0, 0))) {
            var waiting = server.sendAsync(
                    server.request(EVENTS + "?wait=20", "Authorization", "mine").GET());
            org.awaitility.Awaitility.await().until(server.queues::isAwaited);

            assertThat(get(server, "mine").statusCode()).isEqualTo(429);
            assertThat(get(server, "yours").statusCode()).isEqualTo(200);

            append(server, "orders");
            assertThat(waiting.get(20, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
            assertThat(get(server, "mine").statusCode()).isEqualTo(200);
        }
    }

    private static TestServer server(HttpSettings.Limits limits) {
        return new TestServer(TestServer.settings().with(limits), "", BY_NAME);
    }

    private static HttpResponse<String> get(TestServer server, String key) {
        return server.get(EVENTS, "Authorization", key);
    }

    private static HttpResponse<String> append(TestServer server, String queue) {
        return server.send(
                "POST",
                "/v1/queues/" + queue + "/events",
                "1",
                "Content-Type",
                "application/json",
                "Authorization",
                "mine");
    }

    private static double refused(TestServer server, String limit) {
        return server.meters
                .get("millrace.http.refused.limit")
                .tag("limit", limit)
                .counter()
                .count();
    }
}
