package io.millrace.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.millrace.node.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a node in production. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class NodeFileTest {
    @TempDir
    Path directory;

    @Test
    void theFileIsOverTheDefaultsAndTheEnvironmentOverTheFile() throws IOException {
        NodeSettings settings = load(
                """
                millrace.http { host = "0.0.0.0", port = 9000, tls.terminated-elsewhere = true }
                millrace.cluster.tls.enabled = false
                millrace.cluster { host = ${?NOT_SET}, host = "10.0.0.2", seed-nodes = ["10.0.0.1:7355", "10.0.0.2:7355"] }
                millrace.cassandra.replication = { class = "NetworkTopologyStrategy", dc1 = 3 }
                pekko.cluster.roles = [${millrace.http.host}]
                """,
                Map.of(
                        "MILLRACE_HTTP_PORT", "9001",
                        "MILLRACE_CASSANDRA_CONTACT_POINTS", "10.1.0.1:9042, 10.1.0.2:9042",
                        "MILLRACE_JAVA_OPTS", "-Xmx1g"));

        assertThat(settings.http()).isEqualTo(HttpSettings.at("0.0.0.0", 9001));
        assertThat(settings.cluster().port()).isEqualTo(7355);
        assertThat(settings.cluster().exitJvm()).isTrue();
        assertThat(settings.cluster().seedNodes()).containsExactly("10.0.0.1:7355", "10.0.0.2:7355");
        assertThat(settings.cassandra().contactPoints()).hasSize(2);
        assertThat(settings.cassandra().replication())
                .isEqualTo(Map.of("class", "NetworkTopologyStrategy", "dc1", "3"));
        assertThat(settings.pekko().getStringList("pekko.cluster.roles"))
                .isEqualTo(List.of("0.0.0.0", "http=10.0.0.2:9001"));
    }

    @Test
    void theFileInTheReadmeIsOneThatANodeStartsWith() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String file = readme.substring(readme.indexOf("```\nmillrace {") + 4);
        file = file.substring(0, file.indexOf("```"))
                .replace("${CASSANDRA_PASSWORD}", "secret")
                .replace("/etc/millrace", directory.toString());
        for (String name :
                List.of("http.crt", "http.key", "node.crt", "node.key", "nodes-ca.crt", "cassandra-ca.crt")) {
            Files.createFile(directory.resolve(name));
        }

        NodeSettings settings = load(file, Map.of());

        assertThat(settings.security().open()).isFalse();
        assertThat(settings.http().tls()).isPresent();
        assertThat(settings.cluster().tls()).isPresent();
        assertThat(settings.cassandra().tls()).isPresent();
        assertThat(settings.cluster().seedNodes()).hasSize(3);
    }

    @Test
    void nodesThatFindEachOtherAreConfiguredByOurKeysOnly() throws IOException {
        NodeSettings settings = load("""
                millrace.cluster { host = "10.0.0.2", bootstrap { method = "kubernetes-api", required-nodes = 3 } }
                millrace.cluster.tls.enabled = false
                millrace.operations.port = 7357
                millrace.cassandra.create-schema = off
                """, Map.of());

        assertThat(settings.cluster().bootstrap()).contains(new ClusterSettings.Bootstrap("kubernetes-api", 7626, 3));
        assertThat(settings.operations()).contains(new OperationsSettings("127.0.0.1", 7357));
        assertThat(settings.cassandra().createSchema()).isFalse();
        Config pekko = settings.pekko();
        assertThat(pekko.getString("pekko.management.http.hostname")).isEqualTo("10.0.0.2");
        assertThat(pekko.getInt("pekko.management.http.port")).isEqualTo(7626);
        Config discovery = pekko.getConfig("pekko.management.cluster.bootstrap.contact-point-discovery");
        assertThat(discovery.getString("discovery-method")).isEqualTo("kubernetes-api");
        assertThat(discovery.getInt("required-contact-point-nr")).isEqualTo(3);
        assertThat(pekko.getDuration("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes"))
                .hasSeconds(60);
    }

    @Test
    void onlyTheFirstSeedAsksLongBeforeItFormsACluster() throws IOException {
        String seeds = "millrace.cluster.tls.enabled = false\n"
                + "millrace.cluster.seed-nodes = [\"10.0.0.1:7355\", \"10.0.0.2:7355\"]";

        assertThat(joinTimeout(load(seeds, Map.of("MILLRACE_CLUSTER_HOST", "10.0.0.1"))))
                .isEqualTo(5_000);
        assertThat(joinTimeout(load(seeds, Map.of("MILLRACE_CLUSTER_HOST", "10.0.0.2"))))
                .isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millrace.htp.port = 1 | there is no key millrace.htp.port (",
                "millrace.http.prot = 1 | node.conf: 1); there are append-bytes, append-patience, body",
                "milrace.http.port = 1 | there is no key milrace.http.port",
                "millrace.http.port = x | millrace.http.port has type STRING rather than NUMBER",
                "millrace.http.port = 70000 | http.port: must be 0 to 65535",
                "millrace.cluster.seed-nodes = [\"a\"] | millrace.cluster.seed-nodes must be host:port, not a",
                "millrace.cluster { bootstrap.method = x, seed-nodes = [\"a:1\"] } | seed-nodes must be empty where",
                "millrace.cluster.bootstrap { method = x, port = 0 } | millrace.cluster.bootstrap.port must be 1 to",
                "millrace { | node.conf: 1: expecting a close parentheses",
                "millrace.http.host = ${NOWHERE_TO_BE_FOUND} | ${NOWHERE_TO_BE_FOUND}",
            })
    void whatIsWrongIsNamedInOneLine(String file, String expected) {
        assertThatThrownBy(() -> load(file, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(expected.strip())
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millrace.security.mode = \"\" | millrace.security.mode must be said: keys",
                "millrace.security.mode = none | millrace.security.mode must be said: keys",
                "millrace { security.mode = open, http.host = 0.0.0.0 } | is open, and millrace.http.host is 0.0.0.0",
                "millrace { security.mode = open, cluster.host = 10.0.0.1 } | is open, and millrace.cluster.host is 10.0.0.1",
                "millrace { security.mode = open, http.host = 127.0.0.1.example.com } | is open, and millrace.http.host",
                "millrace.security { mode = open, jwt { jwks-file = a, issuer = b, audience = c } } | nobody would be asked",
                "millrace.security { mode = keys, jwt { jwks-file = a, issuer = b } } | jwks-file, issuer and audience together",
                "millrace.security { mode = keys, jwt { jwks-file = a, issuer = b, audience = c, algorithms = [HS256] } } | jwt.algorithms",
                "millrace.security { mode = keys, jwt { jwks-file = a, issuer = b, audience = c, algorithms = [none] } } | jwt.algorithms",
            })
    void aNodeThatWouldLetInWhomItShouldNotDoesNotStart(String file, String expected) {
        whatIsWrongIsNamedInOneLine(file, expected);
    }

    @Test
    void securityHasNoDefaultInProduction() throws IOException {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, "millrace.http.port = 8080");

        assertThatThrownBy(() -> NodeSettings.load(file, Map.of()))
                .hasMessageContaining("millrace.security.mode must be said");
        assertThat(load("millrace.security.mode = open", Map.of()).security().open())
                .isTrue();
        assertThat(load("millrace { security.mode = open, http.host = \"::1\", cluster.host = localhost }", Map.of())
                        .security())
                .isEqualTo(SecuritySettings.OPEN);
        assertThat(load(
                                "millrace { security.mode = keys, http { host = 0.0.0.0, tls.terminated-elsewhere = on } }",
                                Map.of())
                        .security()
                        .open())
                .isFalse();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> NodeSettings.load(directory.resolve("none.conf"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.conf");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "10.0.0.1", "[::]", "node-1.example.com", "'::'"})
    void plainHttpThatOthersCanReachHasToBeAskedFor(String host) throws IOException {
        String file = "millrace.http.host = \"" + host + "\"\n";

        assertThatThrownBy(() -> load(file, Map.of()))
                .hasMessageContaining("millrace.http.host")
                .hasMessageContaining("millrace.http.tls.certificate")
                .hasMessageContaining("millrace.http.tls.terminated-elsewhere")
                .message()
                .hasLineCount(1);
        assertThat(load(file + "millrace.http.tls.terminated-elsewhere = true", Map.of())
                        .http()
                        .tls())
                .isEmpty();
        TestAuthority.named("any").issue(directory, "node", "node.test");
        assertThat(load(file + "millrace.http.tls { certificate = ${tls.crt}, key = ${tls.key} }", Map.of())
                        .http()
                        .scheme())
                .isEqualTo("https");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.0.0.9", "localhost", "[::1]"})
    void whatOnlyThisMachineReachesNeedsNoTls(String host) throws IOException {
        NodeSettings settings =
                load("millrace { http.host = \"" + host + "\", cluster.host = \"" + host + "\" }", Map.of());

        assertThat(settings.http().scheme()).isEqualTo("http");
        assertThat(settings.pekko().getString("pekko.remote.artery.transport")).isEqualTo("tcp");
    }

    @Test
    void aClusterThatOthersCanReachHasTlsUnlessItIsSaidToHaveNone() throws IOException {
        String file = "millrace.cluster.host = \"10.0.0.1\"\n";
        String files = "millrace.cluster.tls { certificate = ${tls.crt}, key = ${tls.key}, authorities = ${ca.crt} }\n";
        TestAuthority.named("cluster").issue(directory, "node", "node.test");

        assertThatThrownBy(() -> load(file, Map.of()))
                .hasMessageContaining("millrace.cluster.host")
                .hasMessageContaining("millrace.cluster.tls.certificate")
                .hasMessageContaining("millrace.cluster.tls.enabled")
                .message()
                .hasLineCount(1);
        assertThatThrownBy(() -> load(file + "millrace.cluster.tls.enabled = true", Map.of()))
                .hasMessageContaining("millrace.cluster.tls needs certificate, key and authorities");
        assertThatThrownBy(() ->
                        load(file + "millrace.cluster.tls { certificate = ${tls.crt}, key = ${tls.key} }", Map.of()))
                .hasMessageContaining("millrace.cluster.tls needs certificate, key and authorities");
        assertThat(load(file + files, Map.of()).pekko().getString("pekko.remote.artery.transport"))
                .isEqualTo("tls-tcp");
        assertThat(load(file + files + "millrace.cluster.tls.enabled = false", Map.of())
                        .pekko()
                        .getString("pekko.remote.artery.transport"))
                .isEqualTo("tcp");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "millrace.http.tls.certificate = /there/is/no/such/file | millrace.http.tls.certificate must be a file",
                "millrace.http.tls.certificate = ${tls.crt} | millrace.http.tls needs both, certificate and key",
                "millrace.http.tls { certificate = ${tls.crt}, key = ${tls.key}, protocols = [TLSv1] } | TLSv1.3 and TLSv1.2",
                "millrace.cassandra.tls { enabled = on, key = ${tls.key} } | millrace.cassandra.tls needs both",
                "millrace.cassandra { user = u, password = p, password-file = ${tls.key} } | only one of them",
                "millrace.cassandra { user = u, password-file = ${tls.key} } | must be a file with one line",
                "millrace.cassandra { user = u, password-file = /nowhere } | must be a text file that this process",
            })
    void filesThatCannotBeAreNamed(String file, String expected) {
        TestAuthority.named("any").issue(directory, "node", "node.test");

        assertThatThrownBy(() -> load(file, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(expected.strip())
                .doesNotContain("PRIVATE")
                .hasLineCount(1);
    }

    @Test
    void secretsAreTakenAndNeverShown() throws IOException {
        TestAuthority.write(directory.resolve("password"), "hunter2\n");

        NodeSettings settings = load("millrace.cassandra { user = me, password-file = ${password} }", Map.of());
        NodeSettings other = load("millrace.cassandra.user = me", Map.of("MILLRACE_CASSANDRA_PASSWORD", "hunter2"));

        assertThat(settings.cassandra().login()).contains(new CassandraSettings.Login("me", "hunter2"));
        assertThat(other.cassandra().login()).contains(new CassandraSettings.Login("me", "hunter2"));
        for (NodeSettings one : List.of(settings, other)) {
            assertThat(one.toString()).doesNotContain("hunter2");
            assertThat(one.pekko().root().render()).as("what Pekko may show").doesNotContain("hunter2");
        }
    }

    private static long joinTimeout(NodeSettings settings) {
        return settings.pekko().getDuration("pekko.cluster.seed-node-timeout").toMillis();
    }

    private NodeSettings load(String text, Map<String, String> environment) throws IOException {
        Path file = directory.resolve("node.conf");
        String placed = text.replaceAll("\\$\\{((tls|ca)\\.[a-z]+|password)}", "\"" + directory + "/$1\"");
        // Behind the text, whose lines are counted.
        boolean whole = !text.contains("security") && !text.endsWith("{");
        Files.writeString(file, whole ? placed + "\nmillrace.security.mode = keys" : placed);
        return NodeSettings.load(file, environment);
    }
}
