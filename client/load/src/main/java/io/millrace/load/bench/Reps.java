package io.millrace.load.bench;

import io.millrace.load.bus.Meter;
import java.util.List;
import java.util.function.Consumer;

/** Runs a workload as often as was asked for, and again for each repetition that others disturbed, up to a limit. */
final class Reps {
    private final Stage stage;
    private final Consumer<Result> told;

    Reps(Stage stage, Consumer<Result> told) {
        this.stage = stage;
        this.told = told;
    }

    /** Tells the results as they come; a failure ends the workload, not the bench. */
    void run(String name, Workload workload) throws InterruptedException {
        try {
            workload.warmUp();
            int wanted = Math.min(stage.options().reps, workload.mostRepetitions());
            int most = Math.min(stage.options().mostReps(), workload.mostRepetitions());
            int clean = 0;
            for (int rep = 1; rep <= most && clean < wanted; rep++) {
                Meter.awaitQuiet(stage.bus().pids(), stage.options().quietWait);
                List<Result> results = workload.measure(rep);
                results.forEach(told);
                clean += results.stream().allMatch(Result::isClean) ? 1 : 0;
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
            told.accept(Result.failed(name, e));
        }
    }
}
