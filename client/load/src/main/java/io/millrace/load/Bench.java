package io.millrace.load;

import io.millrace.client.BotRegistration;
import io.millrace.client.LoadOptions;
import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bench's command line: one line of JSON per repetition on stdout, a table of medians on stderr. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures a running node.",
            "w1   loads --n events of 200 bytes into one queue",
            "w2   reads them back and checks their order (w1 goes before)",
            "w1b  puts one at a time, and 64 at once",
            "w3   events at --rate for --seconds, put to follow",
            "hop  the same through a bot into the next queue"
        })
public final class Bench implements Callable<Integer> {
    @Parameters(arity = "0..*", defaultValue = "w1 w2 w1b w3 hop", split = " ", description = "w1 w2 w1b w3 hop")
    private List<String> workloads = List.of();

    @Option(names = "--url", defaultValue = "http://127.0.0.1:8080", description = "the node [${DEFAULT-VALUE}]")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--n", defaultValue = "1000000", description = "events of w1 and w2 [${DEFAULT-VALUE}]")
    private int n;

    @Option(names = "--reps", defaultValue = "5", description = "repetitions [${DEFAULT-VALUE}]")
    private int reps;

    @Option(names = "--warm", defaultValue = "200000", description = "events to warm up with [${DEFAULT-VALUE}]")
    private int warm;

    @Option(names = "--rate", defaultValue = "1000", description = "events per second of w3 and hop [${DEFAULT-VALUE}]")
    private int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "length of w3 and hop [${DEFAULT-VALUE}]")
    private int seconds;

    @Option(names = "--put-seconds", defaultValue = "6", description = "length of w1b [${DEFAULT-VALUE}]")
    private int putSeconds;

    @Option(names = "--note", defaultValue = "PADDED", description = "${COMPLETION-CANDIDATES} [${DEFAULT-VALUE}]")
    private Events.Note note = Events.Note.PADDED;

    @Option(names = "--batch-bytes", defaultValue = "1048576", description = "loader's batch [${DEFAULT-VALUE}]")
    private int batchBytes;

    @Option(names = "--in-flight", defaultValue = "6", description = "loader's requests in flight [${DEFAULT-VALUE}]")
    private int inFlight;

    @Option(
            names = "--java-handler",
            description = "hop: a handler class on the node instead of a worker here;"
                    + " it gets {\"to\": queue} as settings")
    private @Nullable String javaHandler;

    @Option(names = "--node-pid", description = "to measure its CPU and memory")
    private long nodePid;

    @Option(names = "--cassandra-pid", description = "to measure its CPU and memory")
    private long cassandraPid;

    private final Summary summary = new Summary();
    private final String stamp = "bench-" + System.currentTimeMillis() / 1_000;

    private Bench() {}

    /** Runs the bench and exits with 0, or with 1 when a result was wrong, 2 when the arguments were. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        Events events = new Events(note);
        Processes processes = new Processes(nodePid, cassandraPid);
        try (Millrace millrace = Millrace.connect(url)) {
            if (workloads.contains("w1") || workloads.contains("w2")) {
                LoadOptions options = LoadOptions.DEFAULT.batchBytes(batchBytes).inFlight(inFlight);
                throughput(new Throughput(millrace, events, processes, options));
            }
            if (workloads.contains("w1b")) {
                puts(new PutLatency(millrace, events, processes));
            }
            EndToEnd endToEnd = new EndToEnd(millrace, events, processes);
            if (workloads.contains("w3")) {
                for (int rep = 0; rep <= reps; rep++) {
                    String queue = stamp + "-w3-" + rep;
                    millrace.queues().create(queue);
                    report(rep, endToEnd.run("w3", queue, queue, rate, rep == 0 ? 5 : seconds, rep));
                }
            }
            if (workloads.contains("hop")) {
                for (int rep = 0; rep <= reps; rep++) {
                    hop(millrace, endToEnd, rep);
                }
            }
        }
        summary.print(System.err);
        return 0;
    }

    private void throughput(Throughput throughput) {
        for (int rep = 0; rep <= reps; rep++) {
            int events = rep == 0 ? warm : n;
            String queue = stamp + "-w1-" + rep;
            report(rep, throughput.load(queue, events, rep));
            if (workloads.contains("w2")) {
                report(rep, throughput.read(queue, events, rep));
            }
        }
    }

    private void puts(PutLatency puts) throws InterruptedException {
        for (int threads : new int[] {1, 64}) {
            for (int rep = 0; rep <= reps; rep++) {
                report(rep, puts.run(stamp + "-w1b-" + threads, threads, putSeconds, rep));
            }
        }
    }

    private void hop(Millrace millrace, EndToEnd endToEnd, int rep) throws InterruptedException {
        String from = stamp + "-hop-" + rep;
        String to = from + "-out";
        String bot = from + "-bot";
        millrace.queues().create(from);
        millrace.queues().create(to);
        BotRegistration registration =
                javaHandler == null ? BotRegistration.worker() : BotRegistration.java(javaHandler);
        millrace.bots().register(bot, registration.triggers(from).writes(to).settings(java.util.Map.of("to", to)));
        try (Millrace other = Millrace.connect(url)) {
            Worker worker =
                    javaHandler == null ? other.worker(bot, (event, out) -> out.emit(to, event.payload())) : null;
            report(rep, endToEnd.run("hop", from, to, rate, rep == 0 ? 5 : seconds, rep));
            if (worker != null) {
                worker.close(Duration.ofSeconds(10));
            }
        }
        millrace.bots().archive(bot);
    }

    /** Repetition 0 warms up and isn't told. */
    private void report(int rep, Result result) {
        if (rep > 0) {
            summary.add(result);
            System.out.println(result.toJson());
        }
    }
}
