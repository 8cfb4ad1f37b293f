package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * {@code ./millrace dev} as a process of its own, with the node, Cassandra and the demo's process that this build has made;
 * the launcher itself would build once more. It can be killed and started again on the same data and port.
 */
final class DevProcess implements AutoCloseable {
    // Generous: Cassandra takes 5 s on a quiet machine and 25 s on a busy one.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    private final Path directory;
    private final URI url;
    private Process process;
    private Path log;
    private int starts;

    /** Nothing is started yet. */
    DevProcess(Path directory) {
        this.directory = directory;
        this.url = URI.create("http://127.0.0.1:" + freePort());
    }

    URI url() {
        return url;
    }

    /** Starts it and doesn't wait; with the demo if there are options for it. */
    void launch(Optional<String> demo) throws IOException {
        Path demoTarget = ROOT.resolve("client/demo/target");
        Path nodeTarget = ROOT.resolve("cluster-node/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dmillrace.cassandra.lib=" + ROOT.resolve("cluster-node/cassandra/target/lib"),
                "-Dmillrace.demo.classpath=" + jarIn(demoTarget) + ":" + demoTarget.resolve("lib/*"),
                "-cp",
                jarIn(nodeTarget) + ":" + nodeTarget.resolve("lib/*") + ":" + jarIn(demoTarget),
                "io.millrace.node.Main",
                "dev",
                "--data",
                directory.resolve("data").toString(),
                "--http-port",
                Integer.toString(url.getPort())));
        demo.ifPresent(options -> command.add("--demo"));
        log = directory.resolve("dev-" + starts++ + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        demo.ifPresent(options -> builder.environment().put("MILLRACE_DEMO_OPTS", options));
        process = builder.start();
    }

    /** Waits until the API answers. */
    void awaitReady() {
        Awaitility.await("API of " + log)
                .atMost(START_LIMIT)
                .failFast(() -> assertThat(process.isAlive()).as(log()).isTrue())
                .until(() -> log().contains("Docs "));
    }

    /** Kills the node's process; its children notice by themselves. */
    void killNode() {
        process.destroyForcibly().onExit().join();
    }

    /** Kills Cassandra if it runs. */
    boolean killCassandra() {
        return kill("io.millrace.cassandra");
    }

    /** Kills the demo's process if it runs. */
    boolean killDemo() {
        return kill("io.millrace.demo.Demo");
    }

    private boolean kill(String mainClass) {
        return child(mainClass).map(ProcessHandle::destroyForcibly).orElse(false);
    }

    private Optional<ProcessHandle> child(String mainClass) {
        return process.descendants()
                .filter(child -> child.info().arguments().stream()
                        .flatMap(Stream::of)
                        .anyMatch(argument -> argument.startsWith(mainClass)))
                .findFirst();
    }

    /** Asks it to end and waits; answers the children that it leaves behind, which should be none. */
    List<ProcessHandle> stop() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return children.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** What it has said since its last start. */
    String log() {
        return text(log);
    }

    /** What its node has logged since its first start. */
    String nodeLog() {
        return text(directory.resolve("data").resolve("logs").resolve("node.log"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            List<ProcessHandle> children = process.descendants().toList();
            killNode();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static Path jarIn(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("SNAPSHOT.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("not built: " + target));
        }
    }

    // Below the range that Linux gives to outgoing connections, one of which could take it while the node is down.
    private static int freePort() {
        for (int port = 20_000 + (int) (ProcessHandle.current().pid() % 10_000); port < 32_000; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new AssertionError("no free port");
    }
}
