package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.Outcome;
import java.util.Map;
import java.util.TreeMap;

/** Counts operations by outcome, and refusals by reason. */
public final class Tally {
    private final Map<Outcome, Integer> byOutcome = new TreeMap<>();
    private final Map<String, Integer> byProblem = new TreeMap<>();
    private int events;

    synchronized Call count(Call call, int acknowledged) {
        byOutcome.merge(call.outcome(), 1, Integer::sum);
        String problem = call.problem();
        if (problem != null) {
            byProblem.merge(problem, 1, Integer::sum);
        } else {
            events += acknowledged;
        }
        return call;
    }

    @Override
    public synchronized String toString() {
        return byOutcome + ", " + events + " events acknowledged; not ok: " + byProblem;
    }
}
