package io.millrace.node.faults;

import io.millrace.node.faults.bus.FaultBus;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.bus.Timeline;
import io.millrace.node.faults.checker.Checker;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.nemesis.Nemesis;
import io.millrace.node.faults.nemesis.Recoveries;
import io.millrace.node.faults.nemesis.Stage;
import io.millrace.node.faults.work.Ending;
import io.millrace.node.faults.work.Http;
import io.millrace.node.faults.work.Load;
import io.millrace.node.faults.work.Topology;
import io.millrace.node.faults.work.WebhookServer;
import io.millrace.node.faults.work.Workers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One run: a bus under load, faults one after the other, healing, final reads, and the checker's verdict. */
public final class FaultRun {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    /**
     * What to run.
     *
     * @param seed decides which faults come, in which order, and whom they hit
     * @param duration of load and faults; start, healing and reading come on top
     * @param kinds a regular expression that kinds of faults have to match
     * @param nodes how many
     */
    public record Options(long seed, Duration duration, String kinds, int nodes) {}

    private final Options options;
    private final Path directory;
    private final Topology topology = Topology.full();

    private FaultRun(Options options) {
        this.options = options;
        this.directory =
                Path.of("target", "faults", Long.toString(options.seed())).toAbsolutePath();
    }

    /** By hand: seed, minutes, kinds, nodes; each may be left out from the end. */
    public static void main(String[] arguments) throws Exception {
        Options options = new Options(
                arguments.length > 0 ? Long.parseLong(arguments[0]) : new Random().nextInt(1_000_000),
                Duration.ofSeconds(arguments.length > 1 ? (long) (60 * Double.parseDouble(arguments[1])) : 120),
                arguments.length > 2 ? arguments[2] : ".*",
                arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3);
        FaultReport report = run(options);
        System.exit(report.isGood() ? 0 : 1);
    }

    /** Runs, and stops all that it started. */
    public static FaultReport run(Options options) throws InterruptedException {
        FaultRun run = new FaultRun(options);
        FaultBus.clear(run.directory);
        try (Timeline timeline = new Timeline(run.directory)) {
            timeline.say("seed " + options.seed() + ", " + options.duration().toSeconds() + " s of faults "
                    + options.kinds() + " on " + options.nodes() + " nodes; history in " + run.directory);
            return run.run(timeline);
        }
    }

    private FaultReport run(Timeline timeline) throws InterruptedException {
        Path histories = directory.resolve("history");
        WebhookServer webhooks = new WebhookServer(topology, directory);
        Map<String, Object> settings = Map.of("millrace.webhook.allow", List.of("127.0.0.1"));
        try (History history = History.open(histories, "0-harness");
                webhooks;
                FaultBus bus = new FaultBus(directory, options.nodes(), timeline, settings)) {
            webhooks.process().start();
            Runtime.getRuntime().addShutdownHook(new Thread(bus::close));
            List<URI> nodes = bus.nodes().stream().map(NodeProcess::uri).toList();
            history.write(new Operation.Plan(
                    Call.now("harness"),
                    options.seed(),
                    nodes.stream().map(URI::toString).toList(),
                    topology.allQueues(),
                    topology.pipelines(),
                    RECOVERY.toMillis()));
            bus.nodes().forEach(bus::start);
            awaitReady(nodes, START, timeline);
            Load load = new Load(topology, nodes, webhooks.process().uri(), history, options.seed());
            try (Workers workers = new Workers(topology, nodes, directory)) {
                load.setUp();
                workers.start();
                load.start();
                timeline.say("load runs");
                Recoveries recoveries = new Recoveries(bus.nodes(), load.acks(), history, timeline);
                Stage stage = new Stage(bus, workers, webhooks, topology, history, timeline, recoveries);
                Thread.sleep(5_000);
                new Nemesis(stage, options.seed(), options.kinds()).rage(options.duration());
                bus.nodes().forEach(bus::start);
                workers.start();
                webhooks.process().start();
                history.write(new Operation.Healed(Call.now("nemesis"), Operation.Healed.EVERYTHING));
                Thread.sleep(3_000);
                load.stop();
                timeline.say("load has ended: " + load.tally());
                List<String> stuck = new ArrayList<>(awaitReady(nodes, RECOVERY, timeline));
                Ending ending = new Ending(topology, nodes, history);
                stuck.addAll(ending.awaitCalm(RECOVERY));
                timeline.say(stuck.isEmpty() ? "all is calm" : "STUCK: " + stuck);
                ending.lookAtBots();
                stuck.addAll(ending.redriveAll(webhooks.process().uri(), RECOVERY));
                timeline.say(stuck.isEmpty() ? "all dead letters are redriven" : "STUCK: " + stuck);
                ending.lookAtBots();
                timeline.say(ending.readEverything() + " events stand in the queues");
                FaultReport report = new FaultReport(
                        options.seed(),
                        directory,
                        stage.injected(),
                        load.tally().toString(),
                        bus.restarts(),
                        stage.measures(),
                        stuck,
                        Checker.check(histories));
                timeline.say(report.text());
                return report;
            }
        }
    }

    /** {@return what isn't ready after the limit} */
    private static List<String> awaitReady(List<URI> nodes, Duration limit, Timeline timeline)
            throws InterruptedException {
        long start = System.nanoTime();
        List<URI> waiting = nodes;
        while (!waiting.isEmpty() && System.nanoTime() - start < limit.toNanos()) {
            Thread.sleep(250);
            waiting = new ArrayList<>();
            for (URI node : nodes) {
                if (!Http.once(node, "GET", "/health/ready", Map.of(), null, Duration.ofSeconds(3))
                        .isOk()) {
                    waiting.add(node);
                }
            }
        }
        timeline.say(waiting.isEmpty() ? "all nodes are ready" : "NOT READY: " + waiting);
        return waiting.stream().map(node -> node + " isn't ready").toList();
    }
}
