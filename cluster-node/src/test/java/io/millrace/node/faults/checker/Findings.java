package io.millrace.node.faults.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers what rules find: all are counted, the first few of a kind are kept. */
final class Findings {
    private static final int KEPT = 5;

    /** @param places of the lines that prove it */
    record Finding(Kind kind, int rule, String what, List<Long> places) {}

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<Finding> kept = new ArrayList<>();

    void add(Kind kind, int rule, String what, long... places) {
        add(new Finding(kind, rule, what, Arrays.stream(places).boxed().toList()));
    }

    void add(Finding finding) {
        if (counts.merge(finding.kind(), 1, Integer::sum) <= KEPT) {
            kept.add(finding);
        }
    }

    Map<Kind, Integer> counts() {
        return counts;
    }

    List<Finding> kept() {
        return kept;
    }
}
