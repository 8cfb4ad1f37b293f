package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.k8s.Overlay.Workload;
import io.millrace.node.cassandra.CassandraProcess;
import io.millrace.node.cassandra.ChildCassandraSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pods of production as processes of this machine, over a real Cassandra. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class PodsIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
    /** Cassandra speaks plain text here. */
    private static final List<String> SMALL =
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dmillrace.cassandra.tls.enabled=off");

    @TempDir
    static Path cassandraDirectory;

    private static CassandraProcess cassandra;

    @TempDir
    static Path certificatesDirectory;

    private static Certificates certificates;

    @TempDir
    Path directory;

    private final List<Pod> pods = new ArrayList<>();

    @BeforeAll
    static void startCassandra() throws Exception {
        Overlay.production(); // Skips all when there is no kubectl.
        certificates = Certificates.make(certificatesDirectory, ADDRESSES);
        cassandra = CassandraProcess.start(ChildCassandraSettings.forTests(cassandraDirectory));
    }

    @AfterAll
    static void stopCassandra() {
        if (cassandra != null) {
            cassandra.kill();
            cassandra.stop();
        }
    }

    @AfterEach
    void endWhatIsLeft() {
        pods.forEach(Pod::kill);
    }

    @Test
    void theyFindEachOtherByTheListingOfPodsAndServeAsNobodyOnAReadOnlyRoot() throws Exception {
        boolean sandboxed = Sandbox.isPossible(directory);
        Overlay overlay = Overlay.production();
        Workload node = workload(overlay, "Deployment", "millrace-node");
        Map<String, Integer> ports = Pod.freePorts(node, ADDRESSES);
        try (ApiServer kubernetes = new ApiServer("millrace")) {
            kubernetes.runs(node, ADDRESSES, ports);
            // What else runs there is none of their business.
            kubernetes.runs(workload(overlay, "Job", "millrace-schema"), List.of("127.0.0.9"), ports);
            Path account = kubernetes.account(directory.resolve("account"));
            List<String> flags = new ArrayList<>(SMALL);
            if (!sandboxed) {
                flags.add("-Dpekko.discovery.kubernetes-api.api-ca-path=" + account.resolve("ca.crt"));
                flags.add("-Dpekko.discovery.kubernetes-api.api-token-path=" + account.resolve("token"));
                flags.add("-Dpekko.discovery.kubernetes-api.pod-namespace-path=" + account.resolve("namespace"));
            }
            Pod.World world = new Pod.World(
                    directory,
                    Image.ofNode(directory, sandboxed),
                    // This Cassandra has one node.
                    replicatedOnce(overlay.files("millrace-node")),
                    certificates.secrets(),
                    certificates.client(),
                    account,
                    storage("pods"),
                    kubernetes.environment(),
                    flags,
                    sandboxed);

            for (int i = 0; i < ADDRESSES.size(); i++) {
                pods.add(Pod.start(world, node, "node-" + (i + 1), ADDRESSES.get(i), ports));
            }
            // Without a schema they are alive, and wait.
            awaitAll(pod -> pod.probe("startupProbe") == 200);
            awaitAll(pod -> pod.output().contains("lacks the tables"));
            assertThat(pods).allMatch(pod -> pod.probe("readinessProbe") == 503);

            Workload schema = workload(overlay, "Job", "millrace-schema");
            for (int run = 1; run <= 2; run++) {
                Pod job = Pod.start(world, schema, "schema-" + run, "127.0.0.1", Map.of());
                pods.add(job);
                assertThat(job.exit(LIMIT)).as(job.output()).isZero();
                pods.remove(job);
            }

            awaitAll(pod -> pod.probe("readinessProbe") == 200);
            assertThat(pods)
                    .allSatisfy(pod -> assertThat(pod.get("http", "/v1/cluster").statusCode())
                            .isEqualTo(401));
            String key = Pod.makeKey(world, node, "operator", "127.0.0.1", "admin:*");
            pods.forEach(pod -> pod.authorize(key));
            awaitAll(pod -> pod.get("http", "/v1/cluster").statusCode() == 200);
            assertThat(pods).allSatisfy(pod -> assertThat(membersUp(pod)).isEqualTo(3));
            assertThat(kubernetes.lastRequest().getHeader("Authorization")).isEqualTo("Bearer " + ApiServer.TOKEN);
            aQueueServesOverAllOfThem();
            assertThat(Metrics.ofAlerts(Overlay.complete()))
                    .isNotEmpty()
                    .isSubsetOf(Metrics.told(
                            pods.get(0).get("operations", "/metrics").body()));

            // An orderly end, well within the time that the pod is given.
            Pod leaving = pods.remove(2);
            leaving.terminate();
            assertThat(leaving.exit(Duration.ofSeconds(30))).isEqualTo(143);
            await().atMost(LIMIT).until(() -> membersUp(pods.get(0)) == 2);

            if (sandboxed) {
                for (Pod pod : pods) {
                    assertThat(pod.status("Uid")).isEqualTo("65532\t65532\t65532\t65532");
                    assertThat(pod.status("CapEff")).isEqualTo("0000000000000000");
                    assertThat(pod.status("CapPrm")).isEqualTo("0000000000000000");
                    assertThat(pod.status("NoNewPrivs")).isEqualTo("1");
                    assertThat(pod.writable()).containsExactly("/tmp");
                }
            }

            // Without Cassandra they serve nobody, but live.
            cassandra.kill();
            awaitAll(pod -> pod.probe("readinessProbe") == 503);
            assertThat(pods).allMatch(pod -> pod.probe("livenessProbe") == 200);
            cassandra.restart();
            awaitAll(pod -> pod.probe("readinessProbe") == 200);
        }
        assumeTrue(sandboxed, "SKIPPED: user, rights and read-only root; it takes root and mount namespaces");
    }

    @Test
    void theyFindEachOtherByConfiguration() throws Exception {
        Overlay overlay = Overlay.production();
        Workload node = workload(overlay, "Deployment", "millrace-node");
        Map<String, Integer> ports = Pod.freePorts(node, ADDRESSES);
        List<String> flags = new ArrayList<>(SMALL);
        flags.add("-Dmillrace.cluster.bootstrap.method=config");
        flags.add("-Dmillrace.cassandra.create-schema=on");
        for (int i = 0; i < ADDRESSES.size(); i++) {
            String endpoint = "-Dpekko.discovery.config.services.millrace.endpoints." + i;
            flags.add(endpoint + ".host=" + ADDRESSES.get(i));
            flags.add(endpoint + ".port=" + ports.get("management"));
        }
        Pod.World world = new Pod.World(
                directory,
                Image.ofNode(directory, false),
                replicatedOnce(overlay.files("millrace-node")),
                certificates.secrets(),
                certificates.client(),
                null,
                storage("configured"),
                Map.of(),
                flags,
                false);

        for (int i = 0; i < ADDRESSES.size(); i++) {
            pods.add(Pod.start(world, node, "node-" + (i + 1), ADDRESSES.get(i), ports));
        }
        awaitAll(pod -> pod.probe("readinessProbe") == 200);
        String key = Pod.makeKey(world, node, "operator", "127.0.0.1", "admin:*");
        pods.forEach(pod -> pod.authorize(key));
        awaitAll(pod -> pod.get("http", "/v1/cluster").statusCode() == 200);
        assertThat(pods).allSatisfy(pod -> assertThat(membersUp(pod)).isEqualTo(3));
        aQueueServesOverAllOfThem();

        // One that comes back joins those that are there.
        pods.get(0).kill();
        pods.get(0).exit(Duration.ofSeconds(10));
        pods.set(0, Pod.start(world, node, "node-again", ADDRESSES.get(0), ports));
        pods.get(0).authorize(key);
        awaitAll(pod -> pod.probe("readinessProbe") == 200 && membersUp(pod) == 3);
    }

    private static Workload workload(Overlay overlay, String kind, String name) {
        return new Workload(name, overlay.named(kind, name));
    }

    private static Map<String, String> replicatedOnce(Map<String, String> files) {
        files.computeIfPresent(
                "cassandra.conf",
                (name, text) -> text.replaceFirst("replication \\{.*}", "replication {}")
                        .replaceFirst("datacenter = \".*\"", "datacenter = \"" + CassandraProcess.DATACENTER + "\""));
        return files;
    }

    private static Map<String, String> storage(String keyspace) {
        return Map.of(
                "MILLRACE_CASSANDRA_CONTACT_POINTS",
                cassandra.contactPoint().getHostString() + ":"
                        + cassandra.contactPoint().getPort(),
                "MILLRACE_CASSANDRA_KEYSPACE",
                keyspace);
    }

    private void awaitAll(java.util.function.Predicate<Pod> holds) {
        for (Pod pod : pods) {
            await(pod.address())
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(pod.isAlive() && holds.test(pod))
                            .as(pod.output())
                            .isTrue());
        }
    }

    private static int membersUp(Pod pod) {
        return pod.get("http", "/v1/cluster").body().split("\"status\":\"up\"", -1).length - 1;
    }

    private void aQueueServesOverAllOfThem() {
        for (Pod pod : pods) {
            assertThat(pod.post("/v1/queues/hello/events", "{\"payload\":1}").statusCode())
                    .isEqualTo(200);
        }
        for (Pod pod : pods) {
            assertThat(pod.get("http", "/v1/queues/hello/events").body().lines())
                    .hasSize(3);
        }
    }
}
