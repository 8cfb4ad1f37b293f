package io.millrace.node.faults.checker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Rule 6, by place: in a queue nothing of a bot's epoch e stands behind anything of its epoch e+1. Only where answers or
 * requests tell which epochs may have written an event.
 */
final class OutputsKeepTheOrderOfEpochs implements Rule {
    private record Highest(long epoch, int index) {}

    @Override
    public void check(Facts facts, Findings findings) {
        facts.logs.values().forEach(log -> check(facts, log, findings));
    }

    private static void check(Facts facts, QueueLog log, Findings findings) {
        long[] exact = exactEpochs(facts, log);
        Map<String, Highest> highest = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            int entry = facts.runAppends.entryOf(log.name(), log.value(i));
            if (entry < 0 || facts.runAppends.isRefused(entry) || facts.runAppends.isOfSeveralLanes(entry)) {
                continue;
            }
            String bot = facts.runAppends.bot(entry);
            long least = exact[i] > 0 ? exact[i] : facts.runAppends.leastEpoch(entry);
            long most = exact[i] > 0 ? exact[i] : facts.runAppends.mostEpoch(entry);
            Highest before = highest.get(bot);
            if (before != null && before.epoch > most) {
                String what = facts.event(log, i) + " of " + bot + " in epoch " + most + " stands behind "
                        + facts.event(log, before.index) + " of epoch " + before.epoch;
                findings.add(Kind.STALE_EPOCH, 6, what, log.place(before.index), log.place(i));
            }
            if (before == null || least > before.epoch) {
                highest.put(bot, new Highest(least, i));
            }
        }
    }

    /** The epochs that the answers tell for sure; 0 elsewhere. */
    private static long[] exactEpochs(Facts facts, QueueLog log) {
        long[] exact = new long[log.size()];
        for (RunAppends.Taken taken : facts.runAppends.taken()) {
            int first = taken.queue().equals(log.name()) ? log.indexOf(taken.first()) : -1;
            int last = first < 0 ? -1 : log.indexOf(taken.last());
            if (last >= first && first >= 0) {
                Arrays.fill(exact, first, last + 1, taken.epoch());
            }
        }
        return exact;
    }
}
