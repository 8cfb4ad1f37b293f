package io.millrace.load.bench;

import io.millrace.client.Millrace;
import io.millrace.load.Events;
import io.millrace.load.bus.Bus;
import io.millrace.load.bus.GivenBus;
import io.millrace.load.bus.OwnBus;
import io.millrace.load.bus.Pids;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The bench's command line. */
@Command(
        name = "millrace bench",
        sortOptions = false,
        description = {
            "Measures a bus: one of its own, or a running one with --url. Workloads:",
            "w1     events into one queue",
            "w2     the same, and read back: payloads undecoded, and parsed",
            "w1b    single puts by 1 and by 64 callers",
            "w3     events at a fixed rate, put to reader",
            "hop    the same through a bot",
            "w4     a bot: read, change the JSON, write, checkpoint",
            "w5     many queues, and many bots woken at once",
            "large  events of 10 bytes to 1 MiB, 16 producers, 200 requests at once",
            "scale  1, 4 and 16 queues at once",
            "w6     kill -9 under load (only a bus of its own)"
        })
public final class Bench implements Callable<Integer> {
    private static final int EXIT_WRONG = 1;

    /** Where lines of results go. */
    private enum Output {
        TABLE,
        JSON
    }

    @Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "WORKLOAD", description = "Which (default: all that can be done).")
    private List<String> names = List.of();

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--url", split = ",", description = "Nodes of a bus that runs (default: starts one of its own).")
    private List<URI> urls = List.of();

    @Option(names = "--node-pid", split = ",", description = "With --url: the nodes' processes, to measure them.")
    private List<Long> nodePids = List.of();

    @Option(names = "--cassandra-pid", split = ",", description = "With --url: Cassandra's processes.")
    private List<Long> cassandraPids = List.of();

    @Option(
            names = "--cassandra",
            paramLabel = "HOST:PORT",
            description = "With --url: where Cassandra answers CQL, for the plain inserts that w1b is held against.")
    private @Nullable String cassandra;

    @Option(names = "--nodes", defaultValue = "1", description = "Of a bus of its own, 1 to 5 (default: 1).")
    private int nodes = 1;

    @Option(
            names = "--peers",
            paramLabel = "FILE",
            description =
                    "Lines of the peers' harness to hold the goals against (default: medians known in November 2026).")
    private @Nullable Path peers;

    @Option(
            names = "-o",
            defaultValue = "table",
            description = "table or json: a line for each result on stdout, the table on stderr (default: table).")
    private Output output = Output.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    private final PrintStream out;
    private final PrintStream err;

    private Bench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the bench and exits with 0; 1 when something was lost, misplaced or failed; 2 when the arguments were wrong. */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new Bench(out, err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, given) -> {
                    err.println("millrace bench: " + wrong.getMessage() + " (see ./millrace bench --help)");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, result) -> {
                    err.println("millrace bench: " + failure.getMessage());
                    return EXIT_WRONG;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Set<String> wanted = wanted();
        Peers theirs = peers == null ? Peers.known(options.payload) : Peers.read(peers);
        PrintStream lines = output == Output.JSON ? out : err;
        Report report = new Report();
        try (Bus bus = bus();
                Millrace millrace = Stage.connect(bus)) {
            String stamp = Long.toString(System.currentTimeMillis() / 1_000, Character.MAX_RADIX);
            Stage stage = new Stage(bus, millrace, Events.of(options.payload), options, stamp);
            Reps reps = new Reps(stage, result -> {
                result.fields().putIfAbsent("payload", options.payload.name().toLowerCase(Locale.ROOT));
                report.add(result);
                lines.println(result.toJson());
            });
            lines.println(Result.settings(settings()).toJson());
            for (Map.Entry<String, List<Workload>> named :
                    Workloads.of(wanted, stage).entrySet()) {
                for (Workload workload : named.getValue()) {
                    reps.run(named.getKey(), workload);
                }
            }
        }
        report.print(output == Output.JSON ? err : out, theirs);
        return report.isAllRight() ? 0 : EXIT_WRONG;
    }

    private Map<String, ?> settings() {
        return Map.of(
                "client",
                "io.millrace.client, blocks of zstd JSON lines",
                "durability",
                "committed in Cassandra, its commit log flushed at each write (batch)",
                "nodes",
                urls.isEmpty() ? nodes : urls.size(),
                "batchBytes",
                options.batchBytes,
                "inFlight",
                options.inFlight,
                "payload",
                options.payload.name().toLowerCase(Locale.ROOT));
    }

    private Set<String> wanted() {
        String fault = options.fault();
        if (fault != null) {
            throw new ParameterException(commandLine(), fault);
        }
        for (String name : names) {
            if (!Workloads.names().contains(name)) {
                throw new ParameterException(
                        commandLine(), "no workload " + name + ", there are " + String.join(" ", Workloads.names()));
            }
        }
        if (names.contains(Workloads.CRASH) && !urls.isEmpty()) {
            throw new ParameterException(
                    commandLine(),
                    Workloads.CRASH + " kills nodes: leave --url out, and it does so to a bus of its own");
        }
        return names.isEmpty() ? Workloads.names() : new LinkedHashSet<>(names);
    }

    private Bus bus() throws InterruptedException {
        return urls.isEmpty() ? OwnBus.start(nodes) : new GivenBus(urls, new Pids(nodePids, cassandraPids), cql());
    }

    private Optional<InetSocketAddress> cql() {
        return Optional.ofNullable(cassandra).map(address -> {
            int colon = address.lastIndexOf(':');
            try {
                return new InetSocketAddress(
                        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new ParameterException(commandLine(), "--cassandra is " + address + ", must be HOST:PORT", e);
            }
        });
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
    }
}
