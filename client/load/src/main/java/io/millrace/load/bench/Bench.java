package io.millrace.load.bench;

import io.millrace.client.Millrace;
import io.millrace.load.Events;
import io.millrace.load.bus.Bus;
import io.millrace.load.bus.GivenBus;
import io.millrace.load.bus.OwnBus;
import io.millrace.load.bus.Pids;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
            "w4     a bot: read, change the JSON, write, checkpoint"
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
            description = "${COMPLETION-CANDIDATES}; json: a line for each result on stdout, the table on stderr.")
    private Output output = Output.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    private Bench() {}

    /** Runs the bench and exits with 0; 1 when something was lost, misplaced or failed; 2 when the arguments were wrong. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Set<String> wanted = wanted();
        Peers theirs = peers == null ? Peers.known(options.payload) : Peers.read(peers);
        PrintStream lines = output == Output.JSON ? System.out : System.err;
        Report report = new Report();
        try (Bus bus = bus();
                Millrace millrace = Stage.connect(bus)) {
            String stamp = Long.toString(System.currentTimeMillis() / 1_000, Character.MAX_RADIX);
            Stage stage = new Stage(bus, millrace, Events.of(options.payload), options, stamp);
            Reps reps = new Reps(stage, result -> {
                result.put("payload", options.payload.name().toLowerCase(java.util.Locale.ROOT));
                report.add(result);
                lines.println(result.toJson());
            });
            for (Map.Entry<String, List<Workload>> named :
                    Workloads.of(wanted, stage).entrySet()) {
                for (Workload workload : named.getValue()) {
                    reps.run(named.getKey(), workload);
                }
            }
        }
        report.print(output == Output.JSON ? System.err : System.out, theirs);
        return report.isAllRight() ? 0 : EXIT_WRONG;
    }

    private Set<String> wanted() {
        for (String name : names) {
            if (!Workloads.names().contains(name)) {
                throw new ParameterException(
                        commandLine(), "no workload " + name + ", there are " + String.join(" ", Workloads.names()));
            }
        }
        return names.isEmpty() ? Workloads.names() : new LinkedHashSet<>(names);
    }

    private Bus bus() throws InterruptedException {
        return urls.isEmpty() ? OwnBus.start(nodes) : new GivenBus(urls, new Pids(nodePids, cassandraPids));
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
    }
}
