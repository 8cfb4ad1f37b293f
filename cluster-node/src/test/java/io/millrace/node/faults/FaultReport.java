package io.millrace.node.faults;

import io.millrace.node.faults.nemesis.Stage;
import io.millrace.node.faults.work.Tally;
import java.nio.file.Path;
import java.util.List;

/**
 * What came of a run.
 *
 * @param text the summary
 * @param violations nothing but an empty list is good
 */
public record FaultReport(String text, List<String> violations) {

    static FaultReport of(
            FaultRun.Options options,
            Path directory,
            Stage stage,
            Tally tally,
            int restarts,
            int events,
            List<String> stuck) {
        StringBuilder text = new StringBuilder();
        text.append("== fault run, seed ").append(options.seed()).append(" ==\n");
        text.append("  faults: ").append(stage.injected()).append('\n');
        text.append("  appends of producers: ").append(tally).append('\n');
        text.append("  events in the queues: ").append(events).append('\n');
        text.append("  nodes that ended by themselves and were started again: ")
                .append(restarts)
                .append('\n');
        text.append(stage.measures());
        text.append("  stuck: ").append(stuck).append('\n');
        text.append("  history: ").append(directory.resolve("history")).append('\n');
        System.out.println(text);
        return new FaultReport(text.toString(), stuck);
    }

    /** Whether nothing was wrong, and enough was tried to say so. */
    public boolean isGood() {
        return violations.isEmpty();
    }
}
