package io.millrace.node;

import io.millrace.node.NodeStarter.RunningNode;
import io.millrace.node.cassandra.CassandraProcess;
import io.millrace.node.cassandra.CassandraStartException;
import io.millrace.node.cassandra.CassandraSupervisor;
import io.millrace.node.cassandra.ChildCassandraSettings;
import io.millrace.node.cassandra.DataDirectoryInUseException;
import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace dev}: a whole bus on this machine, from Cassandra to HTTP, stopped as one. */
@Command(
        name = "dev",
        description =
                "Run a whole bus on this machine: Cassandra, one node or several, and a demo if you like. Ctrl-C stops it.")
final class DevCommand implements Callable<Integer> {

    /** An environment variable: flags of Cassandra's JVM that overrule its own, separated by spaces. */
    private static final String CASSANDRA_FLAGS = "MILLRACE_CASSANDRA_JAVA_OPTS";

    /** Set by the launcher: the class path of the demo. */
    static final String DEMO_CLASS_PATH = "millrace.demo.classpath";

    private static final String DEMO_MAIN = "io.millrace.demo.Demo";
    private static final int EXIT_CTRL_C = 130;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration NODE_START_LIMIT = Duration.ofMinutes(1);

    // With Cassandra's 10 s these make up the time that a Ctrl-C may take.
    private static final Duration NODE_STOP_LIMIT = Duration.ofSeconds(8);
    private static final Duration DEMO_STOP_LIMIT = Duration.ofSeconds(2);

    private final NodeStarter nodes;
    private final DevSession session = new DevSession();
    private final CompletableFuture<StartRefusal> end = new CompletableFuture<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".millrace",
            description = "Where the data is kept (default: ${DEFAULT-VALUE} in the working directory).")
    private Path data = Path.of(".millrace");

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port of the API on 127.0.0.1, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int httpPort = 8080;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "1",
            description = {
                "How many nodes, 1 to 5 (default: ${DEFAULT-VALUE}). Several are processes of their own at 127.0.0.1,"
                        + " 127.0.0.2 and so on, on the same port; one that ends by itself is started again."
            })
    private int nodeCount = 1;

    @Option(names = "--demo", description = "Run the demo pipeline and show what it does.")
    private boolean demo;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    DevCommand(NodeStarter nodes) {
        this.nodes = nodes;
    }

    /** Blocks until something ends it; Ctrl-C and SIGTERM end the JVM instead and its hook stops all parts. */
    @Override
    public Integer call() throws InterruptedException {
        if (httpPort < 0 || httpPort > HIGHEST_PORT) {
            throw new ParameterException(
                    commandLine(), "--http-port is " + httpPort + ", must be 0 to " + HIGHEST_PORT);
        }
        if (nodeCount < 1 || nodeCount > DevNodes.MOST) {
            throw new ParameterException(commandLine(), "--nodes is " + nodeCount + ", must be 1 to " + DevNodes.MOST);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(session::close, "dev-end"));
        try {
            start();
            throw end.get();
        } catch (StartRefusal refusal) {
            say(refusal.line());
            return refusal.exit().code();
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } finally {
            session.close();
        }
    }

    private void start() throws StartRefusal, InterruptedException {
        data = data.toAbsolutePath().normalize();
        InetSocketAddress[] http = IntStream.rangeClosed(1, nodeCount)
                .mapToObj(number -> new InetSocketAddress(DevNodes.host(number), httpPort))
                .toArray(InetSocketAddress[]::new);
        DevPreflight.ofThisMachine().check(data, http);
        String demoClassPath = demo ? demoClassPath() : null;
        Logging.toFileIn(data);

        InetSocketAddress cassandra = startCassandra();
        List<URI> apis = nodeCount == 1 ? List.of(startNode(cassandra, http[0])) : startNodes(cassandra);
        printGreeting(apis);
        if (demoClassPath != null) {
            startDemo(demoClassPath, apis.get(0));
        }
    }

    private static String demoClassPath() throws StartRefusal {
        String classPath = System.getProperty(DEMO_CLASS_PATH);
        if (classPath == null) {
            throw new StartRefusal(
                    ExitCode.DEMO_FAILED, "no demo: -D" + DEMO_CLASS_PATH + " isn't set (./millrace does)");
        }
        return classPath;
    }

    private static List<String> cassandraFlags() {
        String flags = System.getenv().getOrDefault(CASSANDRA_FLAGS, "").strip();
        return flags.isEmpty() ? List.of() : List.of(flags.split("\\s+"));
    }

    private InetSocketAddress startCassandra() throws StartRefusal, InterruptedException {
        try {
            CassandraProcess process =
                    CassandraProcess.start(ChildCassandraSettings.forDevelopment(data, cassandraFlags()));
            CassandraSupervisor supervisor = CassandraSupervisor.supervise(process, this::say);
            session.add(supervisor::close);
            supervisor.gaveUp().thenAccept(reason -> end.complete(new StartRefusal(ExitCode.CASSANDRA_FAILED, reason)));
            return process.contactPoint();
        } catch (DataDirectoryInUseException inUse) {
            throw new StartRefusal(ExitCode.DIRECTORY_IN_USE, inUse.line());
        } catch (CassandraStartException failed) {
            throw new StartRefusal(ExitCode.CASSANDRA_FAILED, failed.line());
        }
    }

    private URI startNode(InetSocketAddress cassandra, InetSocketAddress http)
            throws StartRefusal, InterruptedException {
        RunningNode node;
        try {
            node = nodes.start(cassandra, CassandraProcess.DATACENTER, http)
                    .toCompletableFuture()
                    .get(NODE_START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw nodeFailed("didn't start: " + reason(failed.getCause()));
        } catch (TimeoutException slow) {
            throw nodeFailed("didn't start within " + NODE_START_LIMIT.toSeconds() + " s");
        }
        session.add(() -> stop(node));
        URI api = URI.create("http://127.0.0.1:" + node.httpAddress().getPort());
        if (!DevReadiness.await(api, NODE_START_LIMIT)) {
            throw nodeFailed("isn't ready after " + NODE_START_LIMIT.toSeconds() + " s");
        }
        return api;
    }

    private StartRefusal nodeFailed(String what) {
        return new StartRefusal(ExitCode.NODE_FAILED, "the node " + what + "; see " + Logging.fileIn(data));
    }

    private List<URI> startNodes(InetSocketAddress cassandra) throws StartRefusal, InterruptedException {
        List<DevNode> started;
        try {
            int port = httpPort == 0 ? DevNodes.freePort(nodeCount) : httpPort;
            started = new DevNodes(nodeCount, data, cassandra, CassandraProcess.DATACENTER, port).start(this::say);
        } catch (IOException failed) {
            throw new StartRefusal(ExitCode.NODE_FAILED, "can't start the nodes: " + failed.getMessage());
        }
        for (DevNode node : started) {
            session.add(node::close);
            node.gaveUp().thenAccept(reason -> end.complete(new StartRefusal(ExitCode.NODE_FAILED, reason)));
        }
        for (DevNode node : started) {
            if (!node.awaitReady()) {
                throw new StartRefusal(
                        ExitCode.NODE_FAILED,
                        "the node at " + node.api() + " isn't ready after " + DevNode.START_LIMIT.toSeconds()
                                + " s; see " + data.resolve("logs"));
            }
        }
        return started.stream().map(DevNode::api).toList();
    }

    private static String reason(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message == null ? String.valueOf(cause) : message;
    }

    private void stop(RunningNode node) {
        try {
            node.stop().toCompletableFuture().get(NODE_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException failed) {
            say("the node didn't stop in order: " + failed);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void printGreeting(List<URI> apis) {
        URI api = apis.get(0);
        PrintWriter out = commandLine().getOut();
        out.println("API      " + api + "  (contract: " + api + "/openapi.yaml)");
        if (apis.size() > 1) {
            out.println("Nodes    " + apis.stream().map(URI::toString).collect(Collectors.joining("  ")));
        }
        out.println("Console  to come at " + api + "/");
        out.println("Try      curl -H 'Content-Type: application/json' -d '{\"payload\":{\"hello\":\"world\"}}' " + api
                + "/v1/queues/hello/events");
        out.println("Docs     README.md  (data and logs: " + data + ", Ctrl-C stops everything)");
        out.flush();
    }

    private void startDemo(String classPath, URI api) throws StartRefusal {
        JvmCommand command = new JvmCommand(
                DEMO_MAIN,
                classPath,
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                List.of("--url", api.toString()),
                null);
        try {
            ChildJvm child = ChildJvm.start(command);
            session.add(() -> child.stop(DEMO_STOP_LIMIT));
            child.onExit().thenAccept(code -> {
                // A terminal sends Ctrl-C to the demo as well as to this process.
                if (!session.isClosed() && code != EXIT_CTRL_C) {
                    say("the demo ended (exit code " + code + "); the bus goes on");
                }
            });
        } catch (IOException failed) {
            throw new StartRefusal(ExitCode.DEMO_FAILED, "can't start the demo: " + failed.getMessage());
        }
    }

    private void say(String line) {
        commandLine().getErr().println("millrace: " + line);
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
    }
}
