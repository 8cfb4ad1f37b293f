package io.millrace.load.bench;

import io.millrace.load.Events;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * How many events go in (W1) through one loader until the last is acknowledged, and come out: their payloads undecoded (W2)
 * and parsed (W2-parsed).
 */
final class Throughput implements Workload {
    private static final int EVENTS = 1_000_000;
    private static final int WARM = 1_000_000;

    private final Stage stage;
    private final Events events;
    private final String suffix;
    private final int n;
    private final int warm;
    private final boolean reads;
    private final boolean parses;

    private Throughput(Stage stage, Events events, String suffix, int n, int warm, boolean reads, boolean parses) {
        this.stage = stage;
        this.events = events;
        this.suffix = suffix;
        this.n = n;
        this.warm = warm;
        this.reads = reads;
        this.parses = parses;
    }

    /** W1, and W2 if {@code reads}. */
    static Throughput standard(Stage stage, boolean reads) {
        BenchOptions options = stage.options();
        return new Throughput(stage, stage.events(), "", options.events(EVENTS), options.warm(WARM), reads, reads);
    }

    /** The same with other events, under names with a suffix. */
    static Throughput of(Stage stage, Events events, String suffix, int n) {
        return new Throughput(
                stage, events, "-" + suffix, n, Math.min(n, stage.options().warm(n)), true, false);
    }

    @Override
    public boolean warmUp(int round) {
        String queue = stage.queue("w1" + suffix + "-warm-" + round);
        stage.load(queue, events, warm, stage.options().load());
        Reading.undecoded(stage.millrace(), queue, events);
        if (parses) {
            Reading.parsed(stage.millrace(), queue);
        }
        stage.purge(queue);
        return true;
    }

    @Override
    public List<Result> measure(int rep) {
        List<Result> results = new ArrayList<>();
        String queue = stage.queue("w1" + suffix + "-" + rep);
        Meter meter = stage.meter();
        stage.load(queue, events, n, stage.options().load());
        results.add(result("W1", rep, meter.stop()));
        if (reads) {
            results.add(read("W2", rep, () -> Reading.undecoded(stage.millrace(), queue, events)));
        }
        if (parses) {
            results.add(read("W2-parsed", rep, () -> Reading.parsed(stage.millrace(), queue)));
        }
        stage.purge(queue);
        return results;
    }

    private Result read(String workload, int rep, Supplier<Reading> read) {
        Meter meter = stage.meter();
        Reading reading = read.get();
        return reading.tell(result(workload, rep, meter.stop()), n);
    }

    private Result result(String workload, int rep, Usage usage) {
        return new Result(workload + suffix, rep)
                .put("payload", events.note().name().toLowerCase(Locale.ROOT))
                .usage(usage, n)
                .throughput(n, events.size(), usage);
    }
}
