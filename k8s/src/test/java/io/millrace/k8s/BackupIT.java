package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.millrace.k8s.Overlay.Workload;
import io.millrace.node.cassandra.CassandraProcess;
import io.millrace.node.cassandra.ChildCassandraSettings;
import io.millrace.node.process.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says of backup and restore, done: with Cassandra's own tools, into another Cassandra. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BackupIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String ADDRESS = "127.0.0.1";
    private static final String KEYSPACE = "millrace";
    private static final String TAG = "backup";

    @TempDir
    Path directory;

    /** @param management where its beans are */
    private record Cassandra(Path home, CassandraProcess process, int storage, int management)
            implements AutoCloseable {
        static Cassandra start(Path home) throws Exception {
            int storage = FreePort.find(ADDRESS);
            int management = FreePort.find(ADDRESS);
            CassandraProcess process = CassandraProcess.start(new ChildCassandraSettings(
                    home,
                    null,
                    ADDRESS,
                    0,
                    storage,
                    512,
                    true,
                    List.of("-Dcassandra.jmx.local.port=" + management),
                    Duration.ofMinutes(3)));
            return new Cassandra(home, process, storage, management);
        }

        InetSocketAddress contactPoint() {
            return process.contactPoint();
        }

        @Override
        public void close() {
            process.kill();
            process.stop();
        }
    }

    @Test
    void aBusIsRestoredFromSnapshotsOfItsKeyspace() throws Exception {
        Path backup = Files.createDirectory(directory.resolve("copied"));
        List<String> ddl;
        String before;
        String key;
        try (Cassandra old = Cassandra.start(directory.resolve("old"))) {
            Pod node = node(old, "first", "on");
            try {
                key = Pod.makeKey(world(old, "off"), workload(), "operator", ADDRESS, "admin:*");
                node.authorize(key);
                for (int i = 0; i < 20; i++) {
                    assertThat(node.post("/v1/queues/orders/events", "{\"payload\":" + i + "}")
                                    .statusCode())
                            .isEqualTo(200);
                }
                assertThat(node.put("/v1/bots/counter", "{\"triggers\":[\"orders\"],\"handler\":{\"type\":\"worker\"}}")
                                .statusCode())
                        .isEqualTo(201);
                before = node.get("http", "/v1/queues/orders/events").body();
                assertThat(before.lines()).hasSize(20);
            } finally {
                node.terminate();
                node.exit(Duration.ofSeconds(60));
            }
            snapshot(old);
            ddl = describe(old);
            copySnapshots(old.home().resolve("cassandra/data").resolve(KEYSPACE), backup.resolve(KEYSPACE));
        }

        try (Cassandra other = Cassandra.start(directory.resolve("other"))) {
            try (CqlSession session = session(other)) {
                ddl.forEach(session::execute);
            }
            try (Stream<Path> tables = Files.list(backup.resolve(KEYSPACE))) {
                for (Path table : tables.toList()) {
                    load(other, table);
                }
            }
            // It may not make what is missing: all of it is there.
            Pod node = node(other, "second", "off");
            try {
                // Keys are of the bus, too.
                node.authorize(key);
                assertThat(node.get("http", "/v1/queues/orders/events").body()).isEqualTo(before);
                assertThat(node.get("http", "/v1/bots/counter").body()).contains("\"orders\"");
                assertThat(node.post("/v1/queues/orders/events", "{\"payload\":\"after\"}")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(node.get("http", "/v1/queues/orders/events").body().lines())
                        .hasSize(21)
                        .last()
                        .asString()
                        .contains("after");
            } finally {
                node.kill();
            }
        }
    }

    private Pod node(Cassandra cassandra, String name, String createSchema) throws Exception {
        Map<String, Integer> ports = Pod.freePorts(workload(), List.of(ADDRESS));
        Pod node = Pod.start(world(cassandra, createSchema), workload(), name, ADDRESS, ports);
        await(name)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(node.isAlive() && node.probe("readinessProbe") == 200)
                        .as(node.output())
                        .isTrue());
        return node;
    }

    private static Workload workload() {
        return new Workload("node", Overlay.dev().named("Deployment", "millrace-node"));
    }

    private Pod.World world(Cassandra cassandra, String createSchema) throws Exception {
        return new Pod.World(
                directory,
                Image.ofNode(directory, false),
                Overlay.dev().files("millrace-node"),
                Map.of(),
                null,
                null,
                Map.of(
                        "MILLRACE_CASSANDRA_CONTACT_POINTS",
                        ADDRESS + ":" + cassandra.contactPoint().getPort()),
                Map.of(),
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dmillrace.cluster.bootstrap.method=",
                        "-Dmillrace.cassandra.create-schema=" + createSchema),
                false);
    }

    private static CqlSession session(Cassandra cassandra) {
        return CqlSession.builder()
                .addContactPoint(cassandra.contactPoint())
                .withLocalDatacenter(CassandraProcess.DATACENTER)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                        .build())
                .build();
    }

    /** As {@code cqlsh -e 'DESCRIBE KEYSPACE'} prints it, statement by statement. */
    private static List<String> describe(Cassandra cassandra) {
        try (CqlSession session = session(cassandra)) {
            List<String> statements = new ArrayList<>();
            session.execute("DESCRIBE KEYSPACE " + KEYSPACE)
                    .forEach(row -> statements.add(row.getString("create_statement")));
            return statements;
        }
    }

    /** {@code KEYSPACE/TABLE-ID/snapshots/TAG/*} to {@code KEYSPACE/TABLE/*}, as sstableloader wants them. */
    private static void copySnapshots(Path from, Path to) throws IOException {
        try (Stream<Path> tables = Files.list(from)) {
            for (Path table : tables.toList()) {
                Path snapshot = table.resolve("snapshots").resolve(TAG);
                Path copy = Files.createDirectories(
                        to.resolve(table.getFileName().toString().replaceFirst("-[0-9a-f]{32}$", "")));
                try (Stream<Path> files = Files.list(snapshot)) {
                    for (Path file : files.toList()) {
                        Files.copy(file, copy.resolve(file.getFileName()));
                    }
                }
            }
        }
    }

    /** What {@code nodetool snapshot -t TAG KEYSPACE} asks Cassandra for; the program itself needs jars that we don't have. */
    @SuppressWarnings("BanJNDI") // of a process that was started here
    private static void snapshot(Cassandra cassandra) throws Exception {
        JMXServiceURL url = new JMXServiceURL(
                "service:jmx:rmi:///jndi/rmi://" + ADDRESS + ":" + cassandra.management() + "/jmxrmi");
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            connector
                    .getMBeanServerConnection()
                    .invoke(
                            new ObjectName("org.apache.cassandra.db:type=StorageService"),
                            "takeSnapshot",
                            new Object[] {TAG, Map.of(), new String[] {KEYSPACE}},
                            new String[] {String.class.getName(), Map.class.getName(), String[].class.getName()});
        }
    }

    private static void load(Cassandra cassandra, Path table) throws Exception {
        tool(
                cassandra,
                "org.apache.cassandra.tools.BulkLoader",
                List.of(
                        "-d",
                        ADDRESS,
                        "-p",
                        Integer.toString(cassandra.contactPoint().getPort()),
                        "-sp",
                        Integer.toString(cassandra.storage()),
                        "-f",
                        cassandra.home().resolve("cassandra/cassandra.yaml").toString(),
                        table.toString()));
    }

    /** One of Cassandra's programs, as its own scripts start them. */
    private static void tool(Cassandra cassandra, String name, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@"
                + Path.of("../cluster-node/cassandra/container/jvm.options")
                        .toAbsolutePath()
                        .normalize());
        command.addAll(List.of(
                "-Dlogback.configurationFile=millrace-cassandra-logback.xml",
                "-Dcassandra.logdir=" + cassandra.home().resolve("tools"),
                "-Dcassandra.storagedir=" + cassandra.home().resolve("tools"),
                "-Dcassandra.config="
                        + cassandra.home().resolve("cassandra/cassandra.yaml").toUri(),
                "-cp",
                System.getProperty("millrace.cassandra.lib") + "/*",
                name));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", arguments) + "\n" + output)
                .isZero();
    }
}
