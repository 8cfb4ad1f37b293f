package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are spoken to over TLS. */
class TlsTest {
    @TempDir
    private static Path directory;

    private static HttpsServer server;

    @BeforeAll
    static void start() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(certified("node"), "password".toCharArray());
        context.init(keys.getKeyManagers(), null, null);
        certified("other");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = "{\"queues\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void aNodeOfAKnownAuthorityIsSpokenTo() {
        try (Millrace bus =
                builder("127.0.0.1").authorities(directory.resolve("node.pem")).build()) {
            assertThat(bus.queues().list("", null, 10)).isNotNull();
        }
    }

    @Test
    void aNodeOfAnotherAuthorityIsNot() {
        try (Millrace bus =
                builder("127.0.0.1").authorities(directory.resolve("other.pem")).build()) {
            assertThatThrownBy(() -> bus.queues().list("", null, 10))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("can't connect");
        }
    }

    @Test
    void aNodeOfAnotherNameIsNot() {
        try (Millrace bus =
                builder("localhost").authorities(directory.resolve("node.pem")).build()) {
            assertThatThrownBy(() -> bus.queues().list("", null, 10)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("none.pem"), "nothing");

        assertThatThrownBy(() -> builder("127.0.0.1").authorities(file)).hasMessageContaining("none.pem");
        assertThatThrownBy(() -> builder("127.0.0.1").authorities(directory.resolve("away.pem")))
                .hasMessageContaining("away.pem can't be read");
    }

    private static MillraceBuilder builder(String host) {
        return Millrace.builder(
                        URI.create("https://" + host + ":" + server.getAddress().getPort()))
                .deadline(Duration.ofSeconds(2));
    }

    /** A key with a certificate of its own for 127.0.0.1, which stands in NAME.pem as well. */
    private static KeyStore certified(String name) throws Exception {
        String store = directory.resolve(name + ".p12").toString();
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                "password");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-keystore",
                store,
                "-storepass",
                "password",
                "-file",
                directory.resolve(name + ".pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(store))) {
            keys.load(in, "password".toCharArray());
        }
        return keys;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
