package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.node.run.NotTakenException;
import io.millrace.node.settings.WebhookSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Though the address is given, the certificate must be the name's. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class EgressTlsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String NAME = "hooks.example.com";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static final List<String> NAMES_ASKED_FOR = new CopyOnWriteArrayList<>();

    @TempDir
    static Path directory;

    private static HttpsServer server;
    private static HttpsConnectionContext trusting;

    @BeforeAll
    static void start() throws Exception {
        KeyStore keys = selfSigned(directory.resolve("keys.p12"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(serving(keys)));
        server.createContext("/", exchange -> {
            ((ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession())
                    .getRequestedServerNames()
                    .forEach(name -> NAMES_ASKED_FOR.add(
                            new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        trusting = ConnectionContext.httpsClient(trusting(keys));
    }

    @AfterAll
    static void shutDown() {
        server.stop(0);
        KIT.shutdownTestKit();
    }

    /** By the JDK's own tool: there is no public API that makes a certificate. */
    private static KeyStore selfSigned(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + NAME,
                        "-ext",
                        "san=dns:" + NAME,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(file.resolveSibling("keytool.txt").toFile())
                .start();
        assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(file)) {
            keys.load(stream, PASSWORD);
        }
        return keys;
    }

    private static SSLContext serving(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(KeyStore keys) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static Answer call(String name, @Nullable HttpsConnectionContext tls) throws Exception {
        WebhookSettings settings = new WebhookSettings(
                WebhookSettings.Allow.parse(List.of("127.0.0.1")),
                10,
                10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                65_536);
        try (Resolver resolver = new Resolver(host -> new InetAddress[] {InetAddress.getLoopbackAddress()})) {
            Egress egress = new Egress(KIT.system(), new AddressRules(settings.allow()), resolver, settings, tls);
            Target target =
                    Target.parse("https://" + name + ":" + server.getAddress().getPort() + "/");
            return egress.call(target, HttpRequest.POST("/"), Duration.ofSeconds(20))
                    .answer()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theServerIsAskedForByItsNameAndItsCertificateIsHeldAgainstIt() throws Exception {
        assertThat(call(NAME, trusting).status()).isEqualTo(204);
        assertThat(NAMES_ASKED_FOR).contains(NAME);
    }

    @Test
    void aCertificateOfAnotherNameOrOfNobodyKnownIsRefused() {
        assertThatThrownBy(() -> call("other.example.com", trusting))
                .hasCauseInstanceOf(NotTakenException.class)
                .hasMessageContaining("TLS failed");
        assertThatThrownBy(() -> call(NAME, null))
                .hasCauseInstanceOf(NotTakenException.class)
                .hasMessageContaining("TLS failed");
    }
}
