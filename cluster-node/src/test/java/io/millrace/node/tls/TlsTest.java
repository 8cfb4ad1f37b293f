package io.millrace.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.settings.TlsFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final long SOME_TIME = Tls.LOOK_EVERY.toNanos();

    private final AtomicLong now = new AtomicLong();

    @TempDir
    private Path directory;

    @Test
    void bothEndsAgreeOnTheNewestProtocol() throws Exception {
        AUTHORITY.issue(directory, "node", "node.test");

        assertThat(protocol(server(), client().client("node.test", 443))).isEqualTo("TLSv1.3");
    }

    @Test
    void aClientOfTls12IsTaken() throws Exception {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls old = new Tls(new TlsFiles(null, null, directory.resolve("ca.crt")), List.of("TLSv1.2"));

        assertThat(protocol(server(), old.client("node.test", 443))).isEqualTo("TLSv1.2");
    }

    @Test
    void aServerThatIsToSpeakTls13AloneRefusesTls12() {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls strict = new Tls(files(), List.of("TLSv1.3"));
        Tls old = new Tls(new TlsFiles(null, null, directory.resolve("ca.crt")), List.of("TLSv1.2"));

        assertThatThrownBy(() -> protocol(strict, old.client("node.test", 443))).isInstanceOf(SSLException.class);
    }

    @Test
    void aClientInsistsOnTheNameOfTheServer() {
        AUTHORITY.issue(directory, "node", "node.test");

        assertThatThrownBy(() -> protocol(server(), client().client("other.test", 443)))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aClientBelievesNoOtherAuthority() {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls server = server();
        TestAuthority.write(
                directory.resolve("ca.crt"),
                TestAuthority.pem(
                        "CERTIFICATE", TestAuthority.named("authority").certificate()));

        assertThatThrownBy(() -> protocol(server, client().client("node.test", 443)))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aNewCertificateIsTakenForNewConnections() throws Exception {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls server = server();
        BigInteger first = serial(server);
        AUTHORITY.issue(directory, "node", "node.test");

        assertThat(serial(server)).as("before it is time to look again").isEqualTo(first);
        now.addAndGet(SOME_TIME);
        assertThat(serial(server)).isNotEqualTo(first);
    }

    @Test
    void theOldCertificateGoesOnWhileTheNewOneHasNoKey() throws Exception {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls server = server();
        BigInteger first = serial(server);
        String oldKey = Files.readString(directory.resolve("tls.key"));
        AUTHORITY.issue(directory, "node", "node.test");
        String newKey = Files.readString(directory.resolve("tls.key"));
        TestAuthority.write(directory.resolve("tls.key"), oldKey);

        now.addAndGet(SOME_TIME);
        assertThat(serial(server)).isEqualTo(first);

        TestAuthority.write(directory.resolve("tls.key"), newKey);
        now.addAndGet(SOME_TIME);
        assertThat(serial(server)).isNotEqualTo(first);
    }

    @Test
    void theOldCertificateGoesOnWhileTheFilesAreAway() throws Exception {
        AUTHORITY.issue(directory, "node", "node.test");
        Tls server = server();
        Files.delete(directory.resolve("tls.crt"));

        now.addAndGet(SOME_TIME);

        assertThatCode(() -> serial(server)).doesNotThrowAnyException();
        assertThat(server.expires()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"RSA,PRIVATE KEY", "RSA,RSA PRIVATE KEY", "EC,PRIVATE KEY", "Ed25519,PRIVATE KEY"})
    void keysAreReadInTheFormsThatAreAbout(String algorithm, String form) throws Exception {
        KeyPair keys = TestAuthority.keys(algorithm);
        byte[] whole = keys.getPrivate().getEncoded();
        TestAuthority.write(
                directory.resolve("tls.crt"),
                TestAuthority.pem("CERTIFICATE", AUTHORITY.certify("node", keys, List.of("node.test"))));
        TestAuthority.write(directory.resolve("ca.crt"), TestAuthority.pem("CERTIFICATE", AUTHORITY.certificate()));
        TestAuthority.write(
                directory.resolve("tls.key"),
                TestAuthority.pem(form, form.equals("PRIVATE KEY") ? whole : bare(whole)));

        assertThat(protocol(server(), client().client("node.test", 443))).isEqualTo("TLSv1.3");
    }

    /** What PKCS #8 wraps, which is the last thing in it, behind 26 bytes (RSA of 2048 bits). */
    private static byte[] bare(byte[] whole) {
        return Arrays.copyOfRange(whole, 26, whole.length);
    }

    @ParameterizedTest
    @CsvSource({"tls.crt,no certificate", "tls.key,no private key", "ca.crt,no certificate"})
    void aFileThatCannotBeUsedIsNamedAndNotShown(String file, String says) {
        AUTHORITY.issue(directory, "node", "node.test");
        TestAuthority.write(directory.resolve(file), "a secret that somebody put here");

        assertThatThrownBy(this::server)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(directory.resolve(file).toString())
                .hasMessageContaining(says)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "ENCRYPTED PRIVATE KEY,is encrypted",
        "EC PRIVATE KEY,openssl pkcs8",
        "RSA PRIVATE KEY,'key, as its certificate asks for'",
        "PRIVATE KEY,'key, as its certificate asks for'"
    })
    void aKeyThatCannotBeReadIsRefused(String form, String says) {
        AUTHORITY.issue(directory, "node", "node.test");
        TestAuthority.write(directory.resolve("tls.key"), TestAuthority.pem(form, new byte[] {1, 2, 3}));

        assertThatThrownBy(this::server)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says)
                .hasNoCause();
    }

    @Test
    void anotherCertificatesKeyIsRefused() throws IOException {
        AUTHORITY.issue(directory, "node", "node.test");
        String other = Files.readString(directory.resolve("tls.key"));
        AUTHORITY.issue(directory, "node", "node.test");
        TestAuthority.write(directory.resolve("tls.key"), other);

        assertThatThrownBy(this::server).hasMessageContaining("not the key of its certificate");
    }

    private TlsFiles files() {
        return new TlsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"), directory.resolve("ca.crt"));
    }

    private Tls server() {
        return new Tls(files(), Tls.PROTOCOLS, now::get);
    }

    private Tls client() {
        return new Tls(new TlsFiles(null, null, directory.resolve("ca.crt")), Tls.PROTOCOLS, now::get);
    }

    private BigInteger serial(Tls server) throws SSLException {
        SSLEngine client = client().client("node.test", 443);
        shakeHands(server.server(), client);
        return ((X509Certificate) client.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    private static String protocol(Tls server, SSLEngine client) throws SSLException {
        shakeHands(server.server(), client);
        return client.getSession().getProtocol();
    }

    private static void shakeHands(SSLEngine server, SSLEngine client) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        for (int turn = 0; turn < 20; turn++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocate(1 << 16);
        in.flip();
        while (in.hasRemaining() && engine.unwrap(in, nothing).bytesConsumed() > 0) {
            work(engine);
        }
        in.compact();
        work(engine);
        while (engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0) {
            work(engine);
        }
    }

    private static void work(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
