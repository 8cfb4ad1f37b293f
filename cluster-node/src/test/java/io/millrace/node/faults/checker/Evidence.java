package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.HistoryFiles;
import io.millrace.node.faults.history.Located;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the history once more for the lines that prove what was found. */
final class Evidence {
    private static final int LONGEST = 400;

    private final HistoryFiles files;

    Evidence(HistoryFiles files) {
        this.files = files;
    }

    List<Violation> of(List<Findings.Finding> findings) {
        Map<Long, Located> lines = new HashMap<>();
        findings.forEach(one -> one.places().forEach(place -> lines.put(place, null)));
        Places places = new Places();
        files.forEach(line -> {
            long place = places.of(line);
            if (lines.containsKey(place)) {
                lines.put(place, line);
            }
        });
        return findings.stream()
                .map(one -> new Violation(one.kind(), one.rule(), one.what(), evidence(one.places(), lines)))
                .toList();
    }

    private static List<String> evidence(List<Long> places, Map<Long, Located> lines) {
        return places.stream()
                .distinct()
                .map(lines::get)
                .sorted(Comparator.comparingLong(line -> line.operation().call().from()))
                .map(line -> line.place() + " " + brief(line.operation().toString()))
                .toList();
    }

    private static String brief(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
    }
}
