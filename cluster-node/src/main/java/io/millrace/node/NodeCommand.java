package io.millrace.node;

import io.millrace.node.process.FreePort;
import io.millrace.node.process.ParentPact;
import io.millrace.node.settings.NodeSettings;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace node}: one node of a cluster, as in production. */
@Command(
        name = "node",
        sortOptions = false,
        description = {
            "Run one node of a cluster, as in production. Its Cassandra runs elsewhere; the node waits for it as long as it"
                    + " takes. SIGTERM stops it in order: it finishes what it has begun, hands its queues and bots over"
                    + " and leaves the cluster.",
            "",
            "A file that names what has to be named:",
            "",
            "  millrace {",
            "    http { host = \"10.0.0.1\", tls { certificate = \"/etc/millrace/http/tls.crt\", key = ... } }",
            "    security.mode = keys",
            "    cluster {",
            "      host = \"10.0.0.1\", seed-nodes = [\"10.0.0.1:7355\", \"10.0.0.2:7355\"]",
            "      tls { certificate = \"/etc/millrace/cluster/tls.crt\", key = ..., authorities = ... }",
            "    }",
            "    cassandra {",
            "      contact-points = [\"10.0.1.1:9042\"], datacenter = \"dc1\"",
            "      replication = { class = \"NetworkTopologyStrategy\", dc1 = 3 }",
            "    }",
            "  }",
            "",
            "All keys, their defaults and what they mean: millrace.conf in cluster-node/src/main/resources. A key that"
                    + " nobody reads is refused.",
            ""
        },
        footerHeading = "%nEnvironment variables go before the file:%n",
        footer = {
            "  MILLRACE_HTTP_HOST, MILLRACE_HTTP_PORT, MILLRACE_CLUSTER_HOST, MILLRACE_CLUSTER_PORT,",
            "  MILLRACE_CLUSTER_SEED_NODES (a,b), MILLRACE_CASSANDRA_CONTACT_POINTS (a,b),",
            "  MILLRACE_CASSANDRA_DATACENTER, MILLRACE_CASSANDRA_KEYSPACE, MILLRACE_CASSANDRA_USER,",
            "  MILLRACE_CASSANDRA_PASSWORD",
            "",
            "Exit codes: 2 wrong arguments, 11 a port is taken, 16 the node couldn't start, 18 wrong settings,",
            "  20 the cluster has gone on without this node (start it again), 143 stopped by SIGTERM."
        })
final class NodeCommand implements Callable<Integer> {

    private static final Duration FIRST_WORD_AFTER = Duration.ofSeconds(5);
    private static final Duration NEXT_WORD_AFTER = Duration.ofMinutes(1);

    /** Above what an orderly stop takes. */
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(20);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The settings of the node, in HOCON.")
    private @Nullable Path config;

    @Option(
            names = "--child",
            hidden = true,
            description = "End with the standard input, and take nothing from the environment.")
    private boolean child;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    /** Blocks for as long as the node runs; as a rule the JVM ends before it returns. */
    @Override
    public Integer call() throws InterruptedException {
        if (child) {
            ParentPact.keep(System.in, ORPHAN_LIMIT);
        }
        try {
            NodeSettings settings =
                    ConfigFile.read(config, file -> NodeSettings.load(file, child ? Map.of() : System.getenv()));
            checkPorts(settings);
            Logging.toStandardOutput();
            Node node = start(settings);
            say("serves " + settings.http().scheme() + "://" + settings.http().host() + ":"
                    + node.httpAddress().getPort());
            node.terminated().toCompletableFuture().get();
            if (settings.cluster().exitJvm()) {
                // Whoever stopped the node is about to end the JVM, with the code that fits.
                new CountDownLatch(1).await();
            }
            return ExitCode.REMOVED.code();
        } catch (StartRefusal refusal) {
            say(refusal.line());
            return refusal.exit().code();
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void checkPorts(NodeSettings settings) throws StartRefusal {
        String host = settings.cluster().host();
        checkPort("millrace.http", settings.http().host(), settings.http().port());
        checkPort("millrace.cluster", host, settings.cluster().port());
        if (settings.cluster().bootstrap().isPresent()) {
            checkPort(
                    "millrace.cluster",
                    host,
                    settings.cluster().bootstrap().get().port());
        }
        if (settings.operations().isPresent()) {
            checkPort(
                    "millrace.operations",
                    settings.operations().get().host(),
                    settings.operations().get().port());
        }
    }

    private static void checkPort(String section, String host, int port) throws StartRefusal {
        if (!FreePort.isFree(host, port)) {
            throw new StartRefusal(
                    ExitCode.PORT_TAKEN,
                    "can't listen at " + host + ":" + port + " (" + section
                            + ".host and .port): it is taken, or no address of this machine");
        }
    }

    private Node start(NodeSettings settings) throws StartRefusal, InterruptedException {
        CompletableFuture<Node> starting =
                Node.start(settings, Clock.systemUTC()).toCompletableFuture();
        Duration patience = FIRST_WORD_AFTER;
        while (true) {
            try {
                return starting.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                say("waits for Cassandra at "
                        + settings.cassandra().contactPoints().stream()
                                .map(NodeCommand::describe)
                                .collect(Collectors.joining(", ")));
                patience = NEXT_WORD_AFTER;
            } catch (ExecutionException failed) {
                throw refusal(failed);
            }
        }
    }

    private static String describe(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static StartRefusal refusal(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null && !(root instanceof BindException)) {
            root = root.getCause();
        }
        ExitCode code = root instanceof BindException ? ExitCode.PORT_TAKEN : ExitCode.NODE_FAILED;
        return new StartRefusal(
                code, "the node didn't start: " + (root.getMessage() == null ? root : root.getMessage()));
    }

    private void say(String line) {
        if (spec != null) {
            spec.commandLine().getErr().println("millrace: " + line);
        }
    }
}
