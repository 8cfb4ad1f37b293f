package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.FinalBot;
import io.millrace.node.faults.history.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Rule 9: in the stated time after the last fault healed, every queue took an append and every bot was at the tail. */
final class EverythingRecovers implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        if (facts.plan == null || facts.healed == null) {
            return;
        }
        long limit = facts.healed.call().to()
                + TimeUnit.MILLISECONDS.toNanos(facts.plan.operation().recoverWithin());
        queues(facts, limit, findings);
        for (BotFacts bot : facts.bots.values()) {
            bot.finals.forEach(end -> bot(facts, bot.bot, end, limit, findings));
        }
    }

    private static void queues(Facts facts, long limit, Findings findings) {
        long healed = facts.healed.call().to();
        Map<String, Integer> tried = new HashMap<>();
        Map<String, Integer> taken = new HashMap<>();
        for (int i = 0; i < facts.appends.size(); i++) {
            if (facts.appends.from(i) > healed) {
                String queue = facts.appends.queue(i);
                tried.putIfAbsent(queue, i);
                if (facts.appends.isAcknowledged(i) && facts.appends.acknowledgedAt(i) <= limit) {
                    taken.putIfAbsent(queue, i);
                }
            }
        }
        for (String queue : new TreeSet<>(tried.keySet())) {
            if (!taken.containsKey(queue)) {
                String what = queue + " took no append within "
                        + facts.plan.operation().recoverWithin() + " ms";
                findings.add(Kind.STUCK, 9, what, facts.healed.place(), facts.appends.place(tried.get(queue)));
            }
        }
    }

    private static void bot(Facts facts, String bot, Placed<FinalBot> end, long limit, Findings findings) {
        long[] proof = {facts.healed.place(), end.place()};
        if (end.call().outcome() != Outcome.OK) {
            findings.add(Kind.STUCK, 9, bot + " gives no answer", proof);
            return;
        }
        end.operation().lag().forEach((queue, lag) -> {
            if (lag > 0) {
                findings.add(Kind.STUCK, 9, bot + " is " + lag + " events behind in " + queue, proof);
            }
        });
        facts.plan.operation().pipelines().stream()
                .filter(pipeline -> pipeline.bot().equals(bot))
                .flatMap(pipeline -> pipeline.sources().stream())
                .distinct()
                .forEach(queue -> tail(facts, bot, queue, end, findings, proof));
        if (end.call().from() > limit) {
            findings.add(Kind.STUCK, 9, bot + " was at the tail only after the limit", proof);
        }
    }

    private static void tail(
            Facts facts, String bot, String queue, Placed<FinalBot> end, Findings findings, long[] proof) {
        QueueLog log = facts.logs.get(queue);
        String position = end.operation().checkpoints().getOrDefault(queue, "");
        if (log != null && log.rank(position) < log.size()) {
            findings.add(Kind.STUCK, 9, bot + " stopped before " + facts.event(log, log.rank(position)), proof);
        }
    }
}
