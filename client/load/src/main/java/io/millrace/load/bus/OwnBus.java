package io.millrace.load.bus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code millrace dev} as a process of its own on a free port, with its data in a temporary directory that goes when it is
 * closed. It can be killed and started again on the same data and port. It ends with this JVM unless that is killed.
 */
public final class OwnBus implements Bus {
    /** The class path of a node; the launcher sets it. */
    public static final String NODE_CLASS_PATH = "millrace.node.classpath";

    /** Flags of a node's JVM, separated by spaces; the launcher sets them. */
    public static final String NODE_FLAGS = "millrace.node.flags";

    /** The directory with Cassandra's jars; the launcher sets it. */
    public static final String CASSANDRA_LIBRARIES = "millrace.cassandra.lib";

    private static final String CASSANDRA_FLAGS = "MILLRACE_CASSANDRA_JAVA_OPTS";

    // What is measured is the bus that has run for long; dev's first compiler is for those who start it often.
    private static final String BOTH_COMPILERS = "-XX:TieredStopAtLevel=4";

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final String CQL_PORT = "native_transport_port:";
    private static final long POLL_MS = 20;
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final int nodes;
    private final Path directory;
    private final int port;
    private final List<URI> urls = new ArrayList<>();
    private final Thread atExit = new Thread(this::end, "own-bus-end");
    private Process process;
    private boolean isKept;

    private OwnBus(int nodes) throws IOException {
        this.nodes = nodes;
        this.directory = Files.createTempDirectory("millrace-bench-");
        this.port = freePort(nodes);
        for (int i = 1; i <= nodes; i++) {
            urls.add(URI.create("http://127.0.0." + i + ":" + port));
        }
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts one and waits until it serves.
     *
     * @param nodes processes, 1 to 5; a single node is the process of {@code dev} itself
     * @throws IllegalStateException if it doesn't start, with what it said
     */
    public static OwnBus start(int nodes) throws InterruptedException {
        try {
            OwnBus bus = new OwnBus(nodes);
            bus.awaitReady();
            return bus;
        } catch (IOException e) {
            throw new UncheckedIOException("a bus of our own can't be started", e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty(NODE_FLAGS, "-Xmx768m").trim().split("\\s+")));
        command.addAll(List.of(
                "-D" + CASSANDRA_LIBRARIES + "=" + property(CASSANDRA_LIBRARIES),
                "-cp",
                property(NODE_CLASS_PATH) + ":" + ownJar(),
                "io.millrace.node.Main",
                "dev",
                "--data",
                directory.resolve("data").toString(),
                "--http-port",
                Integer.toString(port),
                "--nodes",
                Integer.toString(nodes)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putIfAbsent(CASSANDRA_FLAGS, BOTH_COMPILERS);
        return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("-D" + name + " isn't set (./millrace bench does): no bus of its own");
        }
        return value;
    }

    private static Path ownJar() {
        return Path.of(URI.create(
                OwnBus.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private Path log() {
        return directory.resolve("dev.log");
    }

    /**
     * Waits until all its nodes serve, after {@link #startAgain} for instance.
     *
     * @throws IllegalStateException if they don't within three minutes; it is closed then, its directory is kept
     */
    public void awaitReady() throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long end = System.nanoTime() + START_LIMIT.toNanos();
        for (URI url : urls) {
            while (!isReady(client, url)) {
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    isKept = true; // for its logs, which tell why
                    close();
                    throw new IllegalStateException("the bus didn't start, see " + directory + ": " + said().strip());
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
        }
    }

    private static boolean isReady(HttpClient client, URI url) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<URI> urls() {
        return List.copyOf(urls);
    }

    @Override
    public Optional<InetSocketAddress> cassandra() {
        try (Stream<String> lines =
                Files.lines(directory.resolve("data").resolve("cassandra").resolve("cassandra.yaml"))) {
            return lines.filter(line -> line.startsWith(CQL_PORT))
                    .map(line ->
                            Integer.parseInt(line.substring(CQL_PORT.length()).strip()))
                    .map(cql -> new InetSocketAddress(InetAddress.getLoopbackAddress(), cql))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("what dev has written for Cassandra", e);
        }
    }

    @Override
    public boolean hasHandlers() {
        return true;
    }

    @Override
    public synchronized Pids pids() {
        List<Long> node = new ArrayList<>(List.of(process.pid()));
        List<Long> cassandra = new ArrayList<>();
        process.descendants().forEach(child -> {
            if (ProcFs.arguments(child.pid()).stream().anyMatch(argument -> argument.startsWith("io.millrace.node"))) {
                node.add(child.pid());
            } else {
                cassandra.add(child.pid());
            }
        });
        return new Pids(node, cassandra);
    }

    /**
     * Kills the process that serves at {@code url} as kill -9 does. With one node that is {@code dev} itself, and Cassandra
     * ends with it; of several it is the one node, which {@code dev} starts again.
     *
     * @return its process id
     */
    public synchronized long kill(URI url) {
        if (nodes == 1) {
            process.destroyForcibly().onExit().join();
            return process.pid();
        }
        ProcessHandle node = process.descendants()
                .filter(child -> ProcFs.arguments(child.pid()).stream()
                        .anyMatch(argument -> argument.endsWith("node-" + (1 + urls.indexOf(url)) + ".conf")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process serves " + url));
        node.destroyForcibly();
        node.onExit().join();
        return node.pid();
    }

    /** Starts it again after {@link #kill} where nobody else does, and doesn't wait. */
    public synchronized void startAgain() {
        if (!process.isAlive()) {
            try {
                process = launch();
            } catch (IOException e) {
                throw new UncheckedIOException("the bus can't be started again", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            return; // the hook does it
        }
        end();
    }

    private synchronized void end() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        for (ProcessHandle child : children) {
            child.destroyForcibly();
            child.onExit().join();
        }
        if (!isKept) {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("bench: " + directory + " can't be removed: " + e.getMessage());
        }
    }

    /** Below the range that Linux gives to outgoing connections, one of which could take it while a node is down. */
    private static int freePort(int nodes) {
        int first = LOWEST_PORT + (int) (ProcessHandle.current().pid() % (HIGHEST_PORT - LOWEST_PORT) / 2);
        for (int port = first; port < HIGHEST_PORT; port++) {
            if (isFree(nodes, port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port");
    }

    private static boolean isFree(int nodes, int port) {
        for (int i = 1; i <= nodes; i++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0." + i))) {
                probe.getLocalPort();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
