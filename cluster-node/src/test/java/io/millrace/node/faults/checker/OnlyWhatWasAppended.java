package io.millrace.node.faults.checker;

/** Rule 2: a queue has what somebody appended, and nothing of what was refused. */
final class OnlyWhatWasAppended implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        Appends appends = facts.appends;
        Placement placement = facts.placement();
        for (int i = 0; i < appends.size(); i++) {
            if (appends.isRefused(i) && placement.isThere(i)) {
                QueueLog log = facts.logs.get(appends.queue(i));
                int at = Math.max(0, placement.start(i));
                findings.add(
                        Kind.REFUSED_YET_THERE,
                        2,
                        facts.event(log, at) + " was refused",
                        appends.place(i),
                        log.place(at));
            }
        }
        for (Placement.Oddity odd : placement.oddities()) {
            if (odd.kind() == Kind.PHANTOM) {
                String what = facts.event(odd.log(), odd.index()) + " was never appended there";
                findings.add(Kind.PHANTOM, 2, what, odd.log().place(odd.index()));
            }
        }
        facts.logs.values().forEach(log -> runs(facts, log, findings));
    }

    private static void runs(Facts facts, QueueLog log, Findings findings) {
        for (int i = 0; i < log.size(); i++) {
            int entry = facts.runAppends.entryOf(log.name(), log.value(i));
            if (entry >= 0 && facts.runAppends.isRefused(entry)) {
                String what = facts.event(log, i) + " was refused to every run of " + facts.runAppends.bot(entry);
                findings.add(Kind.REFUSED_YET_THERE, 2, what, facts.runAppends.place(entry), log.place(i));
            }
        }
    }
}
