package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.Plan;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.RunOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a history could have shown a breach at all: a run in which little happened proves nothing. */
final class Conclusiveness {
    private Conclusiveness() {}

    /** {@return why not; empty if it could} */
    static List<String> doubts(Facts facts) {
        if (facts.plan == null) {
            return List.of("there is no plan");
        }
        List<String> doubts = new ArrayList<>();
        long ok = facts.tally.of(Outcome.OK);
        if (ok * 2 < facts.tally.total() || ok == 0) {
            doubts.add("only " + ok + " of " + facts.tally.total() + " operations were ok");
        }
        if (facts.healed == null) {
            doubts.add("the faults never healed");
        }
        faults(facts, doubts);
        queues(facts, facts.plan.operation(), doubts);
        bots(facts, facts.plan.operation(), doubts);
        return doubts;
    }

    private static void faults(Facts facts, List<String> doubts) {
        Map<String, Boolean> hit = new TreeMap<>();
        facts.faults.forEach(fault -> hit.merge(
                fault.operation().kind(),
                isHit(fault.operation().claims(), fault.operation().hits()),
                Boolean::logicalOr));
        hit.forEach((kind, did) -> {
            if (!did) {
                doubts.add("the fault \"" + kind + "\" never hit what it was for");
            }
        });
    }

    private static boolean isHit(String claims, List<String> hits) {
        return claims.isEmpty() || hits.stream().anyMatch(hit -> hit.startsWith(claims));
    }

    private static void queues(Facts facts, Plan plan, List<String> doubts) {
        for (String queue : plan.queues()) {
            QueueLog log = facts.logs.get(queue);
            if (log == null || log.size() == 0) {
                doubts.add("nothing of " + queue + " was read to the tail at the end");
                continue;
            }
            List<String> missing = new ArrayList<>(plan.nodes());
            facts.readings.values().stream()
                    .filter(reading -> reading.complete && reading.log == log)
                    .forEach(reading -> missing.remove(reading.node));
            if (!missing.isEmpty()) {
                doubts.add(queue + " was not read to the tail through " + String.join(", ", missing));
            }
        }
    }

    private static void bots(Facts facts, Plan plan, List<String> doubts) {
        Stream<String> planned = plan.pipelines().stream().map(pipeline -> pipeline.bot());
        String unseen = Stream.concat(planned, facts.bots.keySet().stream().map(RunOf::owner))
                .distinct()
                .filter(bot -> facts.bots.get(bot) == null
                        || facts.bots.get(bot).finals.isEmpty())
                .sorted()
                .collect(Collectors.joining(", "));
        if (!unseen.isEmpty()) {
            doubts.add("nothing is told of the end of " + unseen);
        }
        if (facts.healed != null && facts.appends.size() > 0) {
            appendsAfterHealing(facts, doubts);
        }
    }

    private static void appendsAfterHealing(Facts facts, List<String> doubts) {
        Map<String, Boolean> tried = new TreeMap<>();
        for (int i = 0; i < facts.appends.size(); i++) {
            tried.merge(
                    facts.appends.queue(i),
                    facts.appends.from(i) > facts.healed.call().to(),
                    Boolean::logicalOr);
        }
        tried.forEach((queue, did) -> {
            if (!did) {
                doubts.add("nobody tried to append to " + queue + " after all had healed");
            }
        });
    }
}
