package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.FaultBus;
import io.millrace.node.faults.bus.NodeProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Nodes that don't hear each other. All of them still reach Cassandra, and clients still reach all of them. */
final class CutFaults {
    private static final long LEAST = 2_000;
    private static final long MOST = 25_000;

    private CutFaults() {}

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        for (String claims : List.of("queue", "bot", "oldest")) {
            all.add(cut(
                    "cut from the others: node with " + claims,
                    claims,
                    (bus, node, other) -> bus.nodes().forEach(each -> {
                        bus.mute(node, each);
                        bus.mute(each, node);
                    })));
        }
        all.add(cut("cut between two nodes", "queue", (bus, node, other) -> {
            bus.mute(node, other);
            bus.mute(other, node);
        }));
        all.add(cut(
                "one-way cut: node with queue isn't heard",
                "queue",
                (bus, node, other) -> bus.nodes().forEach(each -> bus.mute(node, each))));
        all.add(cut(
                "one-way cut: node with bot hears nobody",
                "bot",
                (bus, node, other) -> bus.nodes().forEach(each -> bus.mute(each, node))));
        all.add(cut("one-way cut between two nodes", "queue", (bus, node, other) -> bus.mute(node, other)));
        return all;
    }

    @FunctionalInterface
    private interface Cut {
        void strike(FaultBus bus, NodeProcess node, NodeProcess other);
    }

    private static Fault cut(String kind, String claims, Cut cut) {
        return new Fault(Fault.Victim.NODE, kind, claims, (fault, stage, random) -> {
            NodeProcess node = NodeFaults.target(NodeFaults.role(fault, stage, random), stage, random);
            NodeProcess other = other(stage, node, random);
            List<String> hits = stage.roles().hits(node, stage.topology());
            if (stage.misses(kind, claims, hits)) {
                return;
            }
            stage.strikes(kind, node, claims, hits);
            cut.strike(stage.bus(), node, other);
            try {
                Fault.hold(LEAST, MOST, random);
            } finally {
                stage.bus().unmuteAll();
            }
            stage.healed(kind);
        });
    }

    private static NodeProcess other(Stage stage, NodeProcess node, Random random) {
        List<NodeProcess> others = new ArrayList<>(stage.bus().nodes());
        others.remove(node);
        return others.isEmpty() ? node : Fault.pick(others, random);
    }
}
