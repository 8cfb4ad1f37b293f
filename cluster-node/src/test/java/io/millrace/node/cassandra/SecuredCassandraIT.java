package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.millrace.node.LogLines;
import io.millrace.node.process.FreePort;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.node.settings.TlsFiles;
import io.millrace.node.tls.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Cassandra that asks who one is, and has a certificate. It takes plain text too, so that it can be told that it is up. */
class SecuredCassandraIT {
    private static final String HOST = "127.0.0.1";
    private static final TestAuthority AUTHORITY = TestAuthority.named("database authority");

    @TempDir
    private static Path directory;

    private static CassandraProcess cassandra;

    @BeforeAll
    static void start() throws Exception {
        TestAuthority.write(directory.resolve("ca.crt"), TestAuthority.pem("CERTIFICATE", AUTHORITY.certificate()));
        cassandra = start("data", HOST);
    }

    @AfterAll
    static void stop() {
        cassandra.kill();
        cassandra.stop();
    }

    @Test
    void aUserWithItsPasswordGetsInOverTls() throws Exception {
        try (CqlSession session = open("cassandra", "cassandra", "ca.crt").get(2, TimeUnit.MINUTES)) {
            List<Row> connections = session.execute("SELECT username, ssl_enabled FROM system_views.clients")
                    .all();

            assertThat(connections).isNotEmpty().allSatisfy(row -> {
                assertThat(row.getBoolean("ssl_enabled")).isTrue();
                assertThat(row.getString("username")).isEqualTo("cassandra");
            });
        }
    }

    @Test
    void aWrongPasswordDoesNotGetIn() {
        try (LogLines log = new LogLines()) {
            doesNotGetIn(open("cassandra", "g-u-e-s-s-e-d", "ca.crt"));

            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("g-u-e-s-s-e-d"));
        }
    }

    @Test
    void noPasswordDoesNotGetIn() {
        doesNotGetIn(Sessions.open(settings(Optional.empty(), Optional.of(files("ca.crt"))))
                .toCompletableFuture());
    }

    @Test
    void aServerOfAnotherAuthorityIsNotSpokenTo() {
        TestAuthority.write(
                directory.resolve("other.crt"),
                TestAuthority.pem(
                        "CERTIFICATE", TestAuthority.named("database authority").certificate()));

        doesNotGetIn(open("cassandra", "cassandra", "other.crt"));
    }

    @Test
    void aServerWhoseCertificateNamesAnotherHostIsNotSpokenTo() throws Exception {
        CassandraProcess own = cassandra;
        CassandraProcess other = start("other", "database.example.com");
        try {
            cassandra = other;
            doesNotGetIn(open("cassandra", "cassandra", "ca.crt"));
        } finally {
            cassandra = own;
            other.kill();
            other.stop();
        }
    }

    /** It goes on to ask, as it does while Cassandra isn't there, but gets no session. */
    private static void doesNotGetIn(CompletableFuture<CqlSession> opening) {
        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> !opening.isDone() || opening.isCompletedExceptionally());
        opening.cancel(true);
    }

    private static CompletableFuture<CqlSession> open(String user, String password, String authorities) {
        return Sessions.open(settings(
                        Optional.of(new CassandraSettings.Login(user, password)), Optional.of(files(authorities))))
                .toCompletableFuture();
    }

    private static TlsFiles files(String authorities) {
        return new TlsFiles(null, null, directory.resolve(authorities));
    }

    private static CassandraSettings settings(Optional<CassandraSettings.Login> login, Optional<TlsFiles> tls) {
        return new CassandraSettings(
                List.of(cassandra.contactPoint()),
                CassandraProcess.DATACENTER,
                "millrace",
                CassandraSettings.ONE_COPY,
                false,
                CassandraSettings.DEFAULT_REQUEST_TIMEOUT,
                login,
                tls);
    }

    /** Another cassandra.yaml takes the place of the usual one, which doesn't know of secrets. */
    private static CassandraProcess start(String name, String certified) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        Path keys = keyStore(directory.resolve(name + ".p12"), certified);
        Path yaml = directory.resolve(name + ".yaml");
        ChildCassandraSettings settings = new ChildCassandraSettings(
                home,
                null,
                HOST,
                FreePort.find(HOST),
                FreePort.find(HOST),
                512,
                true,
                List.of(
                        "-Dcassandra.config=" + yaml.toUri().toString().replaceFirst("^file:/+", "file:///"),
                        "-Dcassandra.superuser_setup_delay_ms=0"),
                Duration.ofMinutes(3));
        Files.writeString(yaml, CassandraYaml.render(settings) + """

                authenticator:
                  class_name: PasswordAuthenticator
                role_manager:
                  class_name: CassandraRoleManager
                client_encryption_options:
                  enabled: true
                  optional: true
                  keystore: "%s"
                  keystore_password: password
                  store_type: PKCS12
                """.formatted(keys));
        return CassandraProcess.start(settings);
    }

    private static Path keyStore(Path file, String certified) throws GeneralSecurityException, IOException {
        KeyPair pair = TestAuthority.keys("RSA");
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Certificate own = factory.generateCertificate(
                new java.io.ByteArrayInputStream(AUTHORITY.certify("cassandra", pair, List.of(certified))));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", pair.getPrivate(), "password".toCharArray(), new Certificate[] {own});
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "password".toCharArray());
        }
        return file;
    }
}
