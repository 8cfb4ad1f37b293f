package io.millrace.node.faults;

import io.millrace.node.faults.checker.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param seed repeats its choices
 * @param directory with its history and the output of its processes
 * @param injected faults by kind
 * @param producers how the producers' appends ended
 * @param restarts nodes that ended by themselves and were started again
 * @param measures how soon things went on
 * @param stuck what had not recovered in time
 * @param verdict the checker's
 */
public record FaultReport(
        long seed,
        Path directory,
        Map<String, Integer> injected,
        String producers,
        int restarts,
        String measures,
        List<String> stuck,
        Verdict verdict) {

    /** Whether nothing was wrong, and enough was tried to say so. */
    public boolean isGood() {
        return stuck.isEmpty() && verdict instanceof Verdict.Valid;
    }

    /** The summary. */
    public String text() {
        StringBuilder text = new StringBuilder("== fault run, seed " + seed + " ==\n  faults:\n");
        injected.forEach((kind, times) ->
                text.append("    ").append(times).append(" x ").append(kind).append('\n'));
        return text.append("  appends of producers: " + producers + '\n')
                .append("  nodes that ended by themselves and were started again: " + restarts + '\n')
                .append(measures)
                .append("  stuck: " + (stuck.isEmpty() ? "nothing" : stuck) + '\n')
                .append("  history: " + directory.resolve("history") + '\n')
                .append("  " + verdict + '\n')
                .toString();
    }
}
