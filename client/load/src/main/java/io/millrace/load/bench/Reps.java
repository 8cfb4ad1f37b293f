package io.millrace.load.bench;

import io.millrace.load.bus.Compilers;
import io.millrace.load.bus.Meter;
import java.util.List;
import java.util.function.Consumer;

/** Runs a workload as often as was asked for, and again for each repetition that others disturbed, up to a limit. */
final class Reps {
    /** Of the machine; below it what a repetition uses changes by less than other things change it. */
    private static final double BUSY_COMPILERS = 0.04;

    private final Stage stage;
    private final Consumer<Result> told;

    Reps(Stage stage, Consumer<Result> told) {
        this.stage = stage;
        this.told = told;
    }

    /**
     * Warms up until the compilers have little left to do, or the limit is near: while they work they take a third of a small
     * machine, and what is measured then is them.
     */
    private void warmUp(Workload workload) throws InterruptedException {
        long end = System.nanoTime() + stage.options().warmLimit * 1_000_000_000L;
        int round = 1;
        Compilers compilers = Compilers.start(stage.bus().pids());
        while (workload.warmUp(round) && compilers.share() > BUSY_COMPILERS && System.nanoTime() - end < 0) {
            round++;
            compilers = Compilers.start(stage.bus().pids());
        }
    }

    /** Tells the results as they come; a failure ends the workload, not the bench. */
    void run(String name, Workload workload) throws InterruptedException {
        try {
            warmUp(workload);
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
            told.accept(Result.failed(name, e));
        }
    }
}
