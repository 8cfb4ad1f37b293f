package io.millrace.load.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Gathers results and prints them as Markdown: every figure that matters, then goal beside measured, then what went wrong. */
final class Report {
    /** Every line has more; these tell what happened. */
    private static final List<String> SHOWN = List.of(
            "eps",
            "mbps",
            "p50Us",
            "p99Us",
            "maxUs",
            "ack_p50Us",
            "ack_p99Us",
            "totalCpuPerM",
            "clientCpuPerM",
            "nodeCpuPerM",
            "cassandraCpuPerM",
            "createSeconds",
            "writeSeconds",
            "rssBeforeMb",
            "serverRssMb",
            "recoveryMs",
            "ackedTotal",
            "ackedLost",
            "duplicates",
            "foreignCpuPct");

    private final Figures figures = new Figures();
    private final List<Result> wrong = new ArrayList<>();

    void add(Result result) {
        if (!result.isOk()) {
            wrong.add(result);
        }
        if (Integer.valueOf(-1).equals(result.fields().get("rep"))) {
            return;
        }
        figures.add(result.workload(), result.fields());
    }

    boolean isAllRight() {
        return wrong.isEmpty();
    }

    void print(PrintStream out, Peers peers) {
        out.printf("%n| workload | figure | median | least - greatest |%n|---|---|---|---|%n");
        for (String workload : figures.workloads()) {
            for (String name : SHOWN) {
                figures.spread(workload, name)
                        .ifPresent(spread -> out.printf(
                                "| %s | %s | %s | %s - %s |%n",
                                workload, name, text(spread.median()), text(spread.least()), text(spread.greatest())));
            }
        }
        printGoals(out, Goal.all(peers, figures));
        if (!wrong.isEmpty()) {
            out.printf("%nNot as it must be:%n");
            wrong.forEach(result -> out.println("- " + result.toJson()));
        }
    }

    private void printGoals(PrintStream out, List<Goal> goals) {
        out.printf(
                "%n| workload | figure | goal | measured, median (least - greatest) | met |%n|---|---|---|---|---|%n");
        for (Goal goal : goals) {
            figures.spread(goal.workload(), goal.figure())
                    .ifPresent(spread -> out.printf(
                            "| %s | %s | %s %s (%s) | %s (%s - %s) | %s |%n",
                            goal.workload(),
                            goal.figure(),
                            goal.atLeast() ? "at least" : "at most",
                            text(goal.limit()),
                            goal.why(),
                            text(spread.median()),
                            text(spread.least()),
                            text(spread.greatest()),
                            goal.isMetBy(spread.median()) ? "yes" : "**no**"));
        }
    }

    private static String text(double value) {
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
