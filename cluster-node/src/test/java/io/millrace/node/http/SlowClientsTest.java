package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.node.settings.HttpSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time, with limits of fractions of a second. */
class SlowClientsTest {
    private static final Duration HEAD = Duration.ofMillis(400);
    private static final Duration IDLE = Duration.ofMillis(1_200);
    private static final HttpSettings.Connections LIMITS =
            new HttpSettings.Connections(8, HEAD, IDLE, Duration.ofMillis(400), 1_000);
    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n";

    private final TestServer server = new TestServer(TestServer.settings().with(LIMITS));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aHeadThatDripsIsCutAtItsDeadlineAndToldWhy() throws Exception {
        try (Socket socket = connect()) {
            long begun = System.nanoTime();
            drip(socket, "GET /health/live HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(1_000));

            RawHttp.Answer answer = RawHttp.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.json().path("type").asText()).isEqualTo("urn:millrace:problem:request-timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(HEAD, Duration.ofSeconds(5));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(cut("head")).isEqualTo(1));
        await().until(() -> connections() == 0);
    }

    @Test
    void theHeadOfALaterRequestHasTheSameDeadline() throws Exception {
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(200);
            drip(socket, "GET /health/live HTTP/1.1\r\nHost: test\r\nX: " + "x".repeat(1_000));

            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(408);
        }
        await().untilAsserted(() -> assertThat(cut("head")).isEqualTo(1));
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() throws Exception {
        try (Socket socket = connect()) {
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(408);
        }
    }

    @Test
    void aConnectionMayRestBetweenRequestsLongerThanAHeadMayTakeButNotForEver() throws Exception {
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(200);
            long answered = System.nanoTime();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - answered)).isGreaterThan(HEAD.multipliedBy(2));
        }
        await().untilAsserted(() -> assertThat(cut("idle")).isEqualTo(1));
    }

    @Test
    void aBodyThatDripsIsRefusedLongBeforeItsDeadline() throws Exception {
        try (TestServer patient = new TestServer(new HttpSettings(
                                "127.0.0.1",
                                0,
                                HttpSettings.DEFAULT_APPEND_BYTES,
                                4,
                                HttpSettings.LONGEST_WAIT,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(1))
                        .with(LIMITS));
                Socket socket = connect(patient.port())) {
            send(
                    socket,
                    head(
                            "POST /v1/queues/orders/events HTTP/1.1",
                            "Content-Type: application/json",
                            "Content-Length: 100000"));
            drip(socket, "\"" + "x".repeat(10_000));

            RawHttp.Answer answer = RawHttp.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.json().path("detail").asText()).contains("1000 bytes a second");
            assertThat(patient.queues.changes).isEmpty();
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsCutOff() throws Exception {
        TestServer slow = new TestServer(TestServer.settings()
                .with(new HttpSettings.Connections(
                        8, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), 10_000_000)));
        String noise = "\"" + "x".repeat(3 << 20) + "\"";
        for (int i = 0; i < 12; i++) {
            slow.send("POST", "/v1/queues/orders/events", noise, "Content-Type", "application/json");
        }
        try (slow;
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), slow.port()));
            send(socket, "GET /v1/queues/orders/events HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(cut(slow, "answer")).isEqualTo(1));
        }
    }

    @Test
    void aFollowerIsNeverLateWhileItTakesWhatThereIs() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /v1/queues/orders/events HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n");
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < IDLE.multipliedBy(2).toNanos()) {
                assertThat(RawHttp.line(socket.getInputStream())).isNotNull();
            }
            assertThat(socket.getInputStream().read()).isPositive();
        }
        assertThat(cut("idle") + cut("head") + cut("answer")).isZero();
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAtOnceAndCounted() throws Exception {
        Socket[] sockets = new Socket[LIMITS.most()];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = connect();
            send(sockets[i], GET);
            assertThat(RawHttp.read(sockets[i].getInputStream()).status()).isEqualTo(200);
        }
        try (Socket oneMore = connect()) {
            assertThat(end(oneMore)).isEqualTo(-1);
        }
        assertThat(server.meters
                        .get("millrace.http.connections.refused")
                        .counter()
                        .count())
                .isEqualTo(1);

        for (Socket socket : sockets) {
            socket.close();
        }
        await().until(() -> connections() == 0);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void requestsThatComeAtOnceAreAnsweredOneAfterTheOther() throws Exception {
        try (Socket socket = connect()) {
            send(socket, GET + GET.replace("/health/live", "/v1/queues/absent") + GET);

            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(200);
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(404);
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(200);
        }
    }

    @Test
    void anUpgradeToWebsocketsIsNotTaken() throws Exception {
        try (Socket socket = connect()) {
            send(
                    socket,
                    head(
                            "GET /health/live HTTP/1.1",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));

            RawHttp.Answer answer = RawHttp.read(socket.getInputStream());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKeys("upgrade", "sec-websocket-accept", "server");
        }
    }

    private Socket connect() throws IOException {
        return connect(server.port());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\nHost: test\r\n\r\n";
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    /** A byte now and then, until an answer is there. */
    private static void drip(Socket socket, String text) throws Exception {
        OutputStream out = socket.getOutputStream();
        await().pollInterval(Duration.ofMillis(20)).until(new java.util.concurrent.Callable<>() {
            private int next;

            @Override
            public Boolean call() throws IOException {
                out.write(text.charAt(next++));
                return socket.getInputStream().available() > 0;
            }
        });
    }

    private static int end(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    private int connections() {
        return (int) server.meters.get("millrace.http.connections").gauge().value();
    }

    private long cut(String late) {
        return cut(server, late);
    }

    private static long cut(TestServer server, String late) {
        return (long) server.meters
                .get("millrace.http.connections.cut")
                .tag("late", late)
                .counter()
                .count();
    }
}
