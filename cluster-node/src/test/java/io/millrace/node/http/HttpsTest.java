package io.millrace.node.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.node.settings.HttpSettings;
import io.millrace.node.settings.TlsFiles;
import io.millrace.node.tls.TestAuthority;
import io.millrace.node.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over TLS, with certificates that change. */
class HttpsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final HttpSettings.Connections LIMITS = new HttpSettings.Connections(
            8, Duration.ofSeconds(4), Duration.ofSeconds(10), Duration.ofSeconds(4), 1_000);
    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";

    @TempDir
    private static Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        AUTHORITY.issue(directory, "node", "127.0.0.1");
        Tls tls =
                new Tls(new TlsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"), null), Tls.PROTOCOLS);
        server = new TestServer(TestServer.settings().with(LIMITS), "", tls::server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void requestsAndAnswersOfAnySizePass() throws Exception {
        String large = "\"" + "x".repeat(3 << 20) + "\"";
        try (SSLSocket socket = connect("TLSv1.3")) {
            socket.getOutputStream()
                    .write(RawHttp.request(
                            "POST",
                            "/v1/queues/orders/events",
                            large.getBytes(US_ASCII),
                            "Content-Type: application/json"));
            assertThat(RawHttp.read(socket.getInputStream()).status()).isEqualTo(200);
        }
        try (SSLSocket socket = connect("TLSv1.2")) {
            socket.getOutputStream().write(RawHttp.request("GET", "/v1/queues/orders/events", new byte[0]));
            assertThat(RawHttp.read(socket.getInputStream()).text()).contains(large);
        }
    }

    @Test
    void olderProtocolsAreRefused() {
        assertThatThrownBy(() -> connect("TLSv1.1").startHandshake()).isInstanceOf(IOException.class);
    }

    @Test
    void newConnectionsGetTheNewCertificateWhileTheServerRuns() throws Exception {
        var first = serial();
        AUTHORITY.issue(directory, "node", "127.0.0.1");

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> assertThat(serial()).isNotEqualTo(first));
    }

    @Test
    void plainTextGetsNoAnswer() throws Exception {
        try (Socket socket = plain()) {
            socket.getOutputStream().write(GET.getBytes(US_ASCII));

            assertThat(new String(rest(socket), US_ASCII)).doesNotContain("HTTP/1.1 2");
        }
        await().until(() ->
                server.meters.get("millrace.http.connections").gauge().value() == 0);
    }

    @Test
    void aHandshakeThatDripsIsCutAtTheDeadlineOfAHead() throws Exception {
        byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3};
        try (Socket socket = plain()) {
            long begun = System.nanoTime();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(new java.util.concurrent.Callable<>() {
                        private int next;

                        @Override
                        public Boolean call() {
                            try {
                                socket.getOutputStream().write(next < hello.length ? hello[next++] : 0);
                                return false;
                            } catch (IOException cut) {
                                return true;
                            }
                        }
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(LIMITS.head(), LIMITS.head().multipliedBy(5));
        }
        assertThat(server.meters
                        .get("millrace.http.connections.cut")
                        .tag("late", "head")
                        .counter()
                        .count())
                .isEqualTo(1);
        await().until(() ->
                server.meters.get("millrace.http.connections").gauge().value() == 0);
    }

    private Object serial() throws IOException {
        try (SSLSocket socket = connect("TLSv1.3")) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private Socket plain() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] rest(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            return new byte[0];
        }
    }

    private SSLSocket connect(String protocol) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Believing()}, null);
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(20_000);
            socket.setEnabledProtocols(new String[] {protocol});
            return socket;
        } catch (java.security.GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    /** Who it is is looked at elsewhere. */
    private static final class Believing implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
