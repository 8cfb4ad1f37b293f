package io.millrace.node.faults.checker;

import java.util.Map;

/** Rule 1: a read that got to the tail has what was acknowledged before it began. */
final class ReadsReachTheAcknowledged implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        Map<String, Frontier> frontiers = Frontier.of(facts);
        for (Facts.Reading reading : facts.readings.values()) {
            if (reading.complete) {
                String who = "the full read through " + reading.node;
                check(facts, frontiers, findings, who, reading.log, reading.from, reading.reached, reading.place);
            }
        }
        for (Page page : facts.pages) {
            if (page.toTail()) {
                check(facts, frontiers, findings, page.reader(), page.log(), page.from(), page.end(), page.place());
            }
        }
    }

    private static void check(
            Facts facts,
            Map<String, Frontier> frontiers,
            Findings findings,
            String who,
            QueueLog log,
            long from,
            int reached,
            long place) {
        Frontier frontier = frontiers.get(log.name());
        int append = frontier == null ? -1 : frontier.before(from);
        if (append >= 0 && facts.placement().last(append) >= reached) {
            String what = who + " ended before "
                    + facts.event(
                            log, Math.min(log.size() - 1, facts.placement().last(append)))
                    + ", which had been acknowledged";
            findings.add(Kind.LOST, 1, what, facts.appends.ackPlace(append), place);
        }
    }
}
