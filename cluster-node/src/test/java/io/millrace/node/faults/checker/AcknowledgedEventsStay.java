package io.millrace.node.faults.checker;

/** Rule 1: what was acknowledged is there, once, whole, and under the ids that the answer told. */
final class AcknowledgedEventsStay implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        Appends appends = facts.appends;
        Placement placement = facts.placement();
        for (int i = 0; i < appends.size(); i++) {
            QueueLog log = facts.logs.get(appends.queue(i));
            if (log == null) {
                continue;
            }
            int missing = appends.count(i) - placement.present(i);
            if (appends.isAcknowledged(i)) {
                if (missing > 0) {
                    findings.add(
                            Kind.LOST, 1, missing(facts, i, missing, "acknowledged, but not in "), appends.ackPlace(i));
                }
                if (placement.isThere(i) && !isAt(log, placement.start(i), appends, i)) {
                    String what = "answered with " + appends.first(i) + ", but stands as "
                            + facts.event(log, Math.max(0, placement.start(i)));
                    findings.add(
                            Kind.WRONG_ANSWER,
                            1,
                            what,
                            appends.ackPlace(i),
                            log.place(Math.max(0, placement.start(i))));
                }
            } else if (missing > 0 && placement.isThere(i)) {
                String what = missing(facts, i, missing, "of a batch of " + appends.count(i) + " not in ");
                findings.add(Kind.TORN_BATCH, 1, what, appends.place(i), log.place(Math.max(0, placement.start(i))));
            }
        }
        for (Placement.Oddity odd : placement.oddities()) {
            if (odd.kind() == Kind.DUPLICATE || odd.kind() == Kind.TORN_BATCH) {
                String what = facts.event(odd.log(), odd.index())
                        + (odd.kind() == Kind.DUPLICATE ? " is there before" : " is not in its batch's place");
                findings.add(
                        odd.kind(),
                        1,
                        what,
                        appends.place(odd.append()),
                        odd.log().place(odd.index()));
            }
        }
    }

    private static boolean isAt(QueueLog log, int start, Appends appends, int append) {
        return start >= 0 && start < log.size() && log.eid(start).equals(appends.first(append));
    }

    private static String missing(Facts facts, int append, int missing, String how) {
        Appends appends = facts.appends;
        int first = appends.valuesFrom(append);
        while (facts.placement().isThereAt(first)) {
            first++;
        }
        String others = missing > 1 ? " and " + (missing - 1) + " more" : "";
        return facts.values.text(appends.value(first)) + others + " " + how + appends.queue(append);
    }
}
