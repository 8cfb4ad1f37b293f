package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.process.FreePort;
import io.millrace.node.settings.OperationsSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class OperationsServerTest {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private OperationsServer server;

    @BeforeEach
    void start() throws IOException {
        server = OperationsServer.start(new OperationsSettings("127.0.0.1", FreePort.find("127.0.0.1")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatWaitsForCassandraLivesAndIsNotReady() throws Exception {
        assertThat(get(OperationsServer.LIVE).statusCode()).isEqualTo(200);
        assertThat(get(OperationsServer.READY).statusCode()).isEqualTo(503);
        assertThat(get(OperationsServer.READY).body()).contains("waits for Cassandra");
        assertThat(get(OperationsServer.METRICS).statusCode()).isEqualTo(200);
        assertThat(get("/v1/queues").statusCode()).isEqualTo(404);
    }

    @Test
    void whatWasStartedIsReadyWhenNothingIsInItsWay() throws Exception {
        server.watch(Runnable::run, () -> CompletableFuture.completedStage(List.of()), () -> "up 1\n");

        assertThat(get(OperationsServer.READY).body()).isEqualTo("{\"status\":\"ready\"}");
        assertThat(get(OperationsServer.METRICS).body()).isEqualTo("up 1\n");
    }

    @Test
    void whatIsInItsWayIsTold() throws Exception {
        server.watch(Runnable::run, () -> CompletableFuture.completedStage(List.of("a", "b")), () -> "");
        assertThat(get(OperationsServer.READY).statusCode()).isEqualTo(503);
        assertThat(get(OperationsServer.READY).body()).contains("[\"a\",\"b\"]");

        server.watch(Runnable::run, () -> CompletableFuture.failedStage(new IOException("lost")), () -> "");
        assertThat(get(OperationsServer.READY).statusCode()).isEqualTo(503);
    }

    @Test
    void aNodeWhoseThreadsDoNothingAnyMoreGivesNoSignOfLife() {
        server.watch(work -> {}, () -> CompletableFuture.completedStage(List.of()), () -> "");

        assertThatThrownBy(() -> get(OperationsServer.LIVE)).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aPortThatIsTakenIsToldAtOnce() {
        assertThatThrownBy(() -> OperationsServer.start(new OperationsSettings("127.0.0.1", server.port())))
                .isInstanceOf(BindException.class);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .timeout(Duration.ofSeconds(2))
                        .build(),
                BodyHandlers.ofString());
    }
}
