package io.millrace.node.faults.checker;

import java.util.Map;

/** Rule 3: an append that began after another's acknowledgement stands behind it; also one of unknown outcome. */
final class LaterAppendsStandLater implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        Appends appends = facts.appends;
        Placement placement = facts.placement();
        Map<String, Frontier> frontiers = Frontier.of(facts);
        for (int i = 0; i < appends.size(); i++) {
            Frontier frontier = frontiers.get(appends.queue(i));
            int earlier = frontier == null || !placement.isThere(i) ? -1 : frontier.before(appends.from(i));
            if (earlier >= 0 && placement.last(earlier) >= placement.start(i)) {
                QueueLog log = facts.logs.get(appends.queue(i));
                String what = facts.values.text(appends.value(appends.valuesFrom(i))) + " stands before "
                        + facts.values.text(appends.value(appends.valuesTo(earlier) - 1))
                        + ", which had been acknowledged when it was sent to " + log.name();
                findings.add(Kind.REORDERED, 3, what, appends.ackPlace(earlier), appends.place(i));
            }
        }
    }
}
