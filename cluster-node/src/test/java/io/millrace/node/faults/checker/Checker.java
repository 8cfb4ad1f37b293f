package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.HistoryFiles;
import java.nio.file.Path;
import java.util.List;

/** Judges a directory of history files. */
public final class Checker {
    private Checker() {}

    /**
     * Holds a history against all rules.
     *
     * @throws IllegalStateException if it isn't a history: a line in the middle of a file that can't be read, or a value
     *     that two different appends used
     */
    public static Verdict check(Path directory) {
        HistoryFiles files = new HistoryFiles(directory);
        Facts facts = FactsReader.read(files);
        Findings findings = new Findings();
        Rules.all().forEach(rule -> rule.check(facts, findings));
        if (!findings.kept().isEmpty()) {
            List<Violation> first = new Evidence(files).of(findings.kept());
            return new Verdict.Violations(findings.counts(), first, summary(facts));
        }
        List<String> doubts = Conclusiveness.doubts(facts);
        return doubts.isEmpty() ? new Verdict.Valid(summary(facts)) : new Verdict.Inconclusive(doubts, summary(facts));
    }

    private static String letters(Facts facts) {
        long dead = size(facts, ".dead");
        return dead == 0 ? "" : dead + " dead letters, " + size(facts, ".redrive") + " of them redriven; ";
    }

    private static long size(Facts facts, String suffix) {
        return facts.logs.values().stream()
                .filter(log -> log.name().endsWith(suffix))
                .mapToLong(QueueLog::size)
                .sum();
    }

    private static String summary(Facts facts) {
        long events = facts.logs.values().stream().mapToLong(QueueLog::size).sum();
        return facts.tally + "; " + facts.faults.size() + " faults; " + letters(facts) + events + " events in "
                + facts.logs.size()
                + " queues, " + facts.readings.size() + " full reads"
                + (facts.plan == null ? "" : "; seed " + facts.plan.operation().seed());
    }
}
