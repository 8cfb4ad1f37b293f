package io.millrace.node.run;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where a run's batches must end, as receiving queues have told: there those of an earlier run had ended. Thread-safe. */
final class Ends {
    private final List<Problem.Overlap> told = new CopyOnWriteArrayList<>();

    /** Whether this is news. */
    boolean add(Problem.Overlap overlap) {
        return !told.contains(overlap) && told.add(overlap);
    }

    /** Those in a queue that is read. */
    List<EventId> of(String source) {
        return told.stream()
                .filter(end -> end.source().equals(source))
                .map(Problem.Overlap::position)
                .toList();
    }
}
