package io.millrace.node.cassandra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.cassandra.CassandraContainer;

/**
 * The real Cassandra of the tests. One is shared by a whole test run (JVM), each test class takes keyspaces of its own
 * in it; tests that kill it start one of their own.
 *
 * @param contactPoint where it speaks CQL
 * @param datacenter what the driver calls {@code local-datacenter}
 */
public record TestCassandra(InetSocketAddress contactPoint, String datacenter) {

    private static final String IMAGE = "cassandra:5.0";
    private static final Path RUNS = Path.of("target", "cassandra").toAbsolutePath();

    /** The shared one; the first call starts it, the end of this JVM stops it. */
    public static TestCassandra shared() {
        return Shared.INSTANCE;
    }

    /** A keyspace name that nobody has had; making it is the caller's business. */
    public String newKeyspace() {
        return "test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    /**
     * A child process of the caller's own, to kill and restart; the caller closes it. {@code directory} is kept, so
     * that a second call goes on with its data.
     */
    public static CassandraProcess ownChild(Path directory) {
        try {
            return CassandraProcess.start(ChildCassandraSettings.forTests(directory));
        } catch (CassandraStartException failed) {
            throw new IllegalStateException(failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Cassandra started", interrupted);
        }
    }

    private static TestCassandra start() {
        TestCassandraChoice choice =
                TestCassandraChoice.of(System.getenv(TestCassandraChoice.VARIABLE), TestCassandra::dockerAnswers);
        if (choice instanceof TestCassandraChoice.Given given) {
            return new TestCassandra(given.contactPoint(), given.datacenter());
        }
        if (choice instanceof TestCassandraChoice.Container container) {
            return startContainerOr(container.required() ? null : TestCassandra::startChild);
        }
        return startChild();
    }

    private static TestCassandra startContainerOr(@Nullable Supplier<TestCassandra> otherwise) {
        try {
            return startContainer();
        } catch (RuntimeException failed) {
            if (otherwise == null) {
                throw failed;
            }
            // Most often an engine that can't reach the registry for the image.
            System.err.println("Docker answers but can't run " + IMAGE + " (" + failed.getMessage()
                    + "); the tests use a child process");
            return otherwise.get();
        }
    }

    private static boolean dockerAnswers() {
        // Looked for first, because Testcontainers takes seconds and many log lines to find nothing.
        boolean traces = System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of("/var/run/docker.sock"))
                || Files.exists(Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"))
                || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"));
        return traces && DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // The reaper of Testcontainers, or the end of this JVM, closes it.
    private static TestCassandra startContainer() {
        CassandraContainer container = new CassandraContainer(IMAGE)
                // The settings of design D10 that the image's own cassandra.yaml lacks.
                .withEnv(
                        "JVM_EXTRA_OPTS",
                        "-Dcassandra.config.allow_system_properties=true"
                                + " -Dcassandra.settings.commitlog_sync=batch"
                                + " -Dcassandra.settings.commitlog_sync_period=0ms"
                                + " -Dcassandra.settings.paxos_variant=v2");
        container.start();
        System.out.println("The tests use Cassandra in the container " + container.getContainerId() + " at "
                + container.getContactPoint());
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "test-cassandra-end"));
        return new TestCassandra(container.getContactPoint(), container.getLocalDatacenter());
    }

    private static TestCassandra startChild() {
        sweepDeadRuns();
        Path directory = RUNS.resolve("run-" + ProcessHandle.current().pid());
        CassandraProcess process = ownChild(directory);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            // Nobody reads its data again, so there is nothing to drain.
                            process.kill();
                            process.stop();
                            delete(directory);
                        },
                        "test-cassandra-end"));
        return new TestCassandra(process.contactPoint(), CassandraProcess.DATACENTER);
    }

    /** What runs that were killed have left behind. */
    private static void sweepDeadRuns() {
        String[] names = RUNS.toFile().list((parent, name) -> name.matches("run-[0-9]+"));
        for (String name : names == null ? new String[0] : names) {
            long pid = Long.parseLong(name.substring("run-".length()));
            if (ProcessHandle.of(pid).isEmpty()
                    || pid == ProcessHandle.current().pid()) {
                delete(RUNS.resolve(name));
            }
        }
    }

    private static void delete(Path directory) {
        List<Path> found;
        try (Stream<Path> tree = Files.walk(directory)) {
            found = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | UncheckedIOException leftForClean) {
            return;
        }
        found.forEach(path -> path.toFile().delete());
    }

    /** Started by its first use, once. */
    private static final class Shared {
        static final TestCassandra INSTANCE = start();
    }
}
