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
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
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
