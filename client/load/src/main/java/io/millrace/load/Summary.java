package io.millrace.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Median, least and greatest of each figure over the repetitions. */
final class Summary {
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    void add(Result result) {
        Map<String, List<Double>> ofWorkload =
                figures.computeIfAbsent(result.workload(), workload -> new LinkedHashMap<>());
        result.figures()
                .forEach((name, value) ->
                        ofWorkload.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }

    void print(PrintStream out) {
        out.printf(Locale.ROOT, "%n%-10s %-22s %14s %14s %14s%n", "workload", "figure", "median", "min", "max");
        figures.forEach((workload, named) -> named.forEach((name, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            out.printf(
                    Locale.ROOT,
                    "%-10s %-22s %14.3f %14.3f %14.3f%n",
                    workload,
                    name,
                    median,
                    sorted.get(0),
                    sorted.get(sorted.size() - 1));
        }));
    }
}
