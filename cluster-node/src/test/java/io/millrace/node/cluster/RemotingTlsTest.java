package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millrace.node.process.FreePort;
import io.millrace.node.settings.NodeSettings;
import io.millrace.node.settings.TlsFiles;
import io.millrace.node.tls.TestAuthority;
import io.millrace.node.tls.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may join a cluster with certificates: what its members say to strangers, and that they stay who they are. The strangers
 * come first; a node with a certificate joins after all of them.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemotingTlsTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final String NAME = "millrace-cluster";
    private static final TestAuthority AUTHORITY = TestAuthority.named("cluster authority");

    @TempDir
    private static Path directory;

    private static final List<ActorSystem<Void>> MEMBERS = new ArrayList<>();
    private static List<String> addresses;

    @BeforeAll
    static void twoNodesWithCertificatesFormACluster() throws IOException {
        addresses = addresses(3);
        MEMBERS.add(node(0, certified("first", AUTHORITY, NAME)));
        MEMBERS.add(node(1, certified("second", AUTHORITY, NAME)));
        theClusterHas(2);
    }

    @AfterAll
    static void stop() {
        MEMBERS.forEach(RemotingTlsTest::stop);
    }

    @Test
    @Order(1)
    void plainTextDoesNotJoin() {
        doesNotJoin(Map.of());
    }

    @Test
    @Order(1)
    void aPeerWithoutACertificateIsTurnedAway() throws Exception {
        Tls none = new Tls(new TlsFiles(null, null, directory.resolve("first/ca.crt")), List.of("TLSv1.3"));

        assertThat(answerTo(none, "TLSv1.3")).contains("certificate");
        theClusterHas(2);
    }

    @Test
    @Order(1)
    void aCertificateOfAnotherAuthorityDoesNotJoin() throws Exception {
        // It believes the cluster's authority; the cluster doesn't believe its own, though that has the same name.
        Map<String, Object> stranger = certified("stranger", TestAuthority.named("cluster authority"), NAME);
        TestAuthority.write(
                directory.resolve("stranger/ca.crt"), TestAuthority.pem("CERTIFICATE", AUTHORITY.certificate()));

        assertThat(answerTo(tls("stranger"), "TLSv1.3")).contains("certificate");
        doesNotJoin(stranger);
    }

    @Test
    @Order(1)
    void aCertificateThatIsOverDoesNotJoin() throws Exception {
        AUTHORITY.issue(
                directory.resolve("late"), NAME, List.of(NAME), Instant.now().minusSeconds(60));

        assertThat(answerTo(tls("late"), "TLSv1.3")).contains("certificate");
        doesNotJoin(files("late"));
    }

    @Test
    @Order(1)
    void theAuthoritysCertificateForSomethingElseDoesNotJoin() {
        doesNotJoin(certified("other", AUTHORITY, "something-else"));
    }

    @Test
    @Order(1)
    void anOlderProtocolIsTurnedAway() throws Exception {
        assertThat(answerTo(tls("second"), "TLSv1.2")).contains("protocol_version");
    }

    @Test
    @Order(2)
    void aCertificateOfTheClusterJoins() {
        MEMBERS.add(node(2, certified("third", AUTHORITY, NAME)));

        theClusterHas(3);
    }

    private static void doesNotJoin(Map<String, Object> tls) {
        ActorSystem<Void> stranger = node(2, tls);
        try {
            // It asks twice a second.
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> members(MEMBERS.get(0)) == 2 && members(stranger) == 0);
        } finally {
            stop(stranger);
        }
        theClusterHas(2);
    }

    /** What a member says to somebody who shakes hands and then waits for a word. */
    private static String answerTo(Tls tls, String protocol) throws Exception {
        String[] at = addresses.get(0).split(":");
        try (Socket socket = new Socket(at[0], Integer.parseInt(at[1]))) {
            socket.setSoTimeout(20_000);
            SSLEngine engine = tls.client(NAME, 0);
            engine.setEnabledProtocols(new String[] {protocol});
            Throwable refused = catchThrowable(() -> Handshake.over(socket, engine));
            assertThat(refused).isInstanceOf(SSLException.class);
            return refused.getMessage();
        }
    }

    private static void theClusterHas(int count) {
        MEMBERS.forEach(member -> await().atMost(WAIT)
                .until(() -> members(member) == count
                        && StreamSupport.stream(
                                        Cluster.get(member).state().getMembers().spliterator(), false)
                                .map(Member::status)
                                .allMatch(MemberStatus.up()::equals)
                        && Cluster.get(member).state().getUnreachable().isEmpty()));
    }

    private static void stop(ActorSystem<?> system) {
        system.terminate();
        await().atMost(WAIT)
                .until(() -> system.getWhenTerminated().toCompletableFuture().isDone());
    }

    private static Tls tls(String name) {
        return new Tls(
                new TlsFiles(
                        directory.resolve(name + "/tls.crt"),
                        directory.resolve(name + "/tls.key"),
                        directory.resolve("first/ca.crt")),
                Tls.PROTOCOLS);
    }

    private static Map<String, Object> certified(String name, TestAuthority authority, String subject) {
        authority.issue(directory.resolve(name), subject, subject);
        return files(name);
    }

    private static Map<String, Object> files(String name) {
        return Map.of(
                "millrace.cluster.tls.certificate",
                        directory.resolve(name + "/tls.crt").toString(),
                "millrace.cluster.tls.key", directory.resolve(name + "/tls.key").toString(),
                "millrace.cluster.tls.authorities",
                        directory.resolve(name + "/ca.crt").toString());
    }

    private static List<String> addresses(int count) throws IOException {
        List<String> found = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            found.add("127.0.0." + i + ":" + FreePort.find("127.0.0." + i));
        }
        return found;
    }

    private static ActorSystem<Void> node(int index, Map<String, Object> tls) {
        String[] own = addresses.get(index).split(":");
        Map<String, Object> all = new HashMap<>(tls);
        all.put("millrace.cluster.host", own[0]);
        all.put("millrace.cluster.port", Integer.parseInt(own[1]));
        all.put("millrace.cluster.first-seed-timeout", "1 s");
        all.put("millrace.cluster.seed-nodes", addresses.subList(0, 2));
        all.put("pekko.cluster.jmx.enabled", "off");
        NodeSettings settings = NodeSettings.read(all);
        Roll roll = new Roll();
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "millrace",
                ActorSystemSetup.create(new RollSetup(roll), BootstrapSetup.create(settings.pekko())));
        Formation.join(system, settings.cluster(), roll);
        return system;
    }

    private static int members(ActorSystem<?> system) {
        return (int)
                StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
                        .count();
    }

    /** Nobody else stands on it. */
    private static final class Roll implements MemberRoll {
        private final Set<String> nodes = ConcurrentHashMap.newKeySet();

        @Override
        public CompletionStage<Set<String>> nodes() {
            return CompletableFuture.completedStage(Set.copyOf(nodes));
        }

        @Override
        public CompletionStage<Void> note(String node) {
            nodes.add(node);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> strike(String node) {
            nodes.remove(node);
            return CompletableFuture.completedStage(null);
        }
    }

    /** TLS over a socket, which ends with what the other end says against it. */
    private static final class Handshake {
        static void over(Socket socket, SSLEngine engine) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            ByteBuffer out = ByteBuffer.allocate(1 << 16);
            ByteBuffer text = ByteBuffer.allocate(1 << 16);
            engine.beginHandshake();
            while (true) {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                out.clear();
                if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                    engine.wrap(ByteBuffer.allocate(0), out);
                    socket.getOutputStream().write(out.array(), 0, out.position());
                    continue;
                }
                in.flip();
                SSLEngineResult result = engine.unwrap(in, text);
                in.compact();
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                    int read = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                    if (read < 0) {
                        throw new IOException("closed without a word");
                    }
                    in.position(in.position() + read);
                }
            }
        }
    }
}
