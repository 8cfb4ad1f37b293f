package io.millrace.load.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All figures of all results, by workload and name. */
final class Figures {
    /** Of all repetitions. */
    record Spread(double median, double least, double greatest) {
        static Spread of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
        }
    }

    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    /** Takes the numbers of a line of results. */
    void add(String workload, Map<String, ?> fields) {
        Map<String, List<Double>> named = figures.computeIfAbsent(workload, w -> new LinkedHashMap<>());
        fields.forEach((name, value) -> {
            if (value instanceof Number number && !name.equals("rep")) {
                named.computeIfAbsent(name, n -> new ArrayList<>()).add(number.doubleValue());
            }
        });
    }

    Optional<Spread> spread(String workload, String figure) {
        return Optional.ofNullable(figures.getOrDefault(workload, Map.of()).get(figure))
                .map(Spread::of);
    }

    /** Workloads in the order in which they came. */
    List<String> workloads() {
        return List.copyOf(figures.keySet());
    }
}
