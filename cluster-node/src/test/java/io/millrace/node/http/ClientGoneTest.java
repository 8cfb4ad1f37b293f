package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that has gone while it waited for a run must not be given one. */
class ClientGoneTest {
    private final TestServer server = new TestServer(TestServer.settings());

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest(name = "with a reset: {0}")
    @ValueSource(booleans = {false, true})
    void aWorkerThatGoesWhileItWaitsIsNoticed(boolean reset) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            ask(socket, "waits");
            Awaitility.await().until(() -> server.queues.changes.contains("ask waits by w1 for 30 s"));
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        }

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> server.queues.changes.contains("w1 has gone"));
    }

    @Test
    void aWorkerThatGoesAfterItsAnswerIsNoMatter() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            ask(socket, "price");
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(12);
            assertThat(new String(head, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 201");
        }

        Awaitility.await().during(Duration.ofMillis(700)).until(() -> !server.queues.changes.contains("w1 has gone"));
    }

    private static void ask(Socket socket, String bot) throws IOException {
        String body = "{\"worker\":\"w1\"}";
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/bots/" + bot + "/runs?wait=30 HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
