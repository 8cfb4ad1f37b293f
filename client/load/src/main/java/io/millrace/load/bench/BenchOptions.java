package io.millrace.load.bench;

import io.millrace.client.LoadOptions;
import io.millrace.load.Events;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of everything. */
final class BenchOptions {
    @Option(
            names = "--n",
            paramLabel = "N",
            description = "Events of a workload; queues of w5 (default: as with the peers, see README.md)")
    @Nullable
    Integer n;

    @Option(
            names = "--payload",
            defaultValue = "padded",
            description = "padded, realistic or random (default: ${DEFAULT-VALUE})")
    Events.Note payload = Events.Note.PADDED;

    @Option(names = "--reps", defaultValue = "5", description = "Clean repetitions (default: ${DEFAULT-VALUE})")
    int reps = 5;

    @Option(
            names = "--max-reps",
            description = "Repetitions in all; those that other processes disturbed are repeated (default: 3 more)")
    @Nullable
    Integer maxReps;

    @Option(
            names = "--quiet-wait",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for a quiet machine before a repetition (default: ${DEFAULT-VALUE})")
    int quietWait = 30;

    @Option(
            names = "--warm",
            paramLabel = "EVENTS",
            description = "To warm up with (default: 1000000 in w1 and w2, 50000 in w4)")
    @Nullable
    Integer warm;

    @Option(
            names = "--warm-seconds",
            defaultValue = "10",
            description = "To warm up w1b, w3 and hop (default: ${DEFAULT-VALUE})")
    int warmSeconds = 10;

    @Option(
            names = "--warm-limit",
            paramLabel = "SECONDS",
            defaultValue = "90",
            description = "Warm up again until the JVMs' compilers take less than 4 %% of the machine, or for so long "
                    + "(default: ${DEFAULT-VALUE})")
    int warmLimit = 90;

    @Option(names = "--seconds", description = "Length of w1b, w3, hop (default: 6 in w1b, 20 in w3 and hop)")
    @Nullable
    Integer seconds;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Events per second of w3 and hop (default: ${DEFAULT-VALUE})")
    int rate = 1_000;

    @Option(
            names = "--batch-bytes",
            defaultValue = "1048576",
            description = "A loader's batch (default: ${DEFAULT-VALUE})")
    int batchBytes = 1 << 20;

    @Option(
            names = "--in-flight",
            defaultValue = "6",
            description = "A loader's requests in flight (default: ${DEFAULT-VALUE})")
    int inFlight = 6;

    /** What can't be measured, in words; null if all of it can. */
    @Nullable
    String fault() {
        if (events(1) < 1 || warm(1) < 1 || reps < 1 || mostReps() < 1) {
            return "--n, --warm, --reps and --max-reps are 1 at least";
        }
        if (warmLimit < 0) {
            return "--warm-limit is 0 at least";
        }
        return rate < 1 || seconds(1) < 1 || warmSeconds < 1
                ? "--rate, --seconds and --warm-seconds are 1 at least"
                : null;
    }

    int events(int fallback) {
        return n == null ? fallback : n;
    }

    int warm(int fallback) {
        return warm == null ? fallback : warm;
    }

    int seconds(int fallback) {
        return seconds == null ? fallback : seconds;
    }

    int mostReps() {
        return maxReps == null ? reps + 3 : maxReps;
    }

    LoadOptions load() {
        return LoadOptions.DEFAULT.batchBytes(batchBytes).inFlight(inFlight);
    }
}
