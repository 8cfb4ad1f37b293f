package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.Fault;
import io.millrace.node.faults.history.Operation.Healed;
import io.millrace.node.faults.history.Operation.Plan;
import io.millrace.node.faults.history.RunOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a history says, gathered so that a rule looks only at what it needs. */
final class Facts {
    final Values values = new Values();
    final Places places = new Places();
    final Appends appends = new Appends(values);
    final RunAppends runAppends = new RunAppends(values);
    /** Of the queues that were read to their tail; of others nothing is claimed. */
    final Map<String, QueueLog> logs = new TreeMap<>();

    final Map<String, BotFacts> bots = new TreeMap<>();
    final Map<String, Reading> readings = new TreeMap<>();
    final List<Page> pages = new ArrayList<>();
    final List<Findings.Finding> disagreements = new ArrayList<>();
    final List<Placed<Fault>> faults = new ArrayList<>();
    final Tally tally = new Tally();

    @Nullable
    Placed<Plan> plan;

    @Nullable
    Placed<Healed> healed;

    private @Nullable Placement placement;

    BotFacts bot(String name) {
        return bots.computeIfAbsent(name, BotFacts::new);
    }

    /** What administrators do to a bot they do to its lanes. */
    BotFacts owner(BotFacts lane) {
        return bot(RunOf.owner(lane.bot));
    }

    /** Whether a bot has lanes. */
    boolean hasLanes(String bot) {
        return plan != null
                && plan.operation().pipelines().stream()
                        .anyMatch(pipeline -> pipeline.lanes() && pipeline.bot().equals(RunOf.owner(bot)));
    }

    /** Where appended values stand; to be asked for after all files were read. */
    Placement placement() {
        if (placement == null) {
            placement = new Placement(appends, runAppends, logs.values());
        }
        return placement;
    }

    /** An event for people. */
    String event(QueueLog log, int index) {
        return values.text(log.value(index)) + " (" + log.eid(index) + " in " + log.name() + ")";
    }

    /** One node's full read of one queue. */
    static final class Reading {
        final String node;
        final QueueLog log;
        long from;
        long to;
        long place;
        int reached;
        boolean complete;

        Reading(String node, QueueLog log) {
            this.node = node;
            this.log = log;
        }
    }
}
