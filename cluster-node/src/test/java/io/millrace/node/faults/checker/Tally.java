package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.history.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what clients and workers asked for, by kind and outcome. */
final class Tally {
    private final Map<String, Map<Outcome, Long>> byKind = new TreeMap<>();

    void count(Operation operation) {
        if (isRequest(operation)) {
            byKind.computeIfAbsent(operation.getClass().getSimpleName(), kind -> new EnumMap<>(Outcome.class))
                    .merge(operation.call().outcome(), 1L, Long::sum);
        }
    }

    private static boolean isRequest(Operation operation) {
        return operation instanceof Operation.Append
                || operation instanceof Operation.Read
                || operation instanceof Operation.Granted
                || operation instanceof Operation.Heartbeat
                || operation instanceof Operation.Checkpointed
                || operation instanceof Operation.Completed
                || operation instanceof Operation.Reset
                || operation instanceof Operation.Administered
                || operation instanceof Operation.Redriven;
    }

    long of(Outcome outcome) {
        return byKind.values().stream()
                .mapToLong(counts -> counts.getOrDefault(outcome, 0L))
                .sum();
    }

    long total() {
        return of(Outcome.OK) + of(Outcome.FAIL) + of(Outcome.UNKNOWN);
    }

    @Override
    public String toString() {
        return "operations ok " + of(Outcome.OK) + ", fail " + of(Outcome.FAIL) + ", unknown " + of(Outcome.UNKNOWN)
                + " " + byKind;
    }
}
