package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.FinalBot;
import io.millrace.node.faults.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
            List<Placed<FinalBot>> finals = new ArrayList<>(bot.finals);
            finals.sort(Comparator.comparingLong(end -> end.call().from()));
            if (!finals.isEmpty()) {
                inTime(finals.get(0), limit, facts.healed.place(), findings);
                bot(facts, bot.bot, finals.get(finals.size() - 1), findings);
            }
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

    /** What an administrator did after that isn't bound by the limit. */
    private static void inTime(Placed<FinalBot> first, long limit, long healed, Findings findings) {
        if (first.call().from() > limit) {
            String what = first.operation().bot() + " was at the tail only after the limit";
            findings.add(Kind.STUCK, 9, what, healed, first.place());
        }
    }

    private static void bot(Facts facts, String bot, Placed<FinalBot> end, Findings findings) {
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
                .flatMap(pipeline -> Stream.concat(
                        pipeline.sources().stream(),
                        pipeline.poison() > 0 ? Stream.of(pipeline.redriven()) : Stream.empty()))
                .distinct()
                .forEach(queue -> tail(facts, bot, queue, end, findings, proof));
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
