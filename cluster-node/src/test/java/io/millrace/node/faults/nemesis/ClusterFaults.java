package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.NodeProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What operators and machines do to a whole cluster. */
final class ClusterFaults {
    private static final int STOP_SECONDS = 40;

    private ClusterFaults() {}

    static List<Fault> all() {
        return List.of(
                new Fault(Fault.Victim.NODE, "rolling restart", "queue", ClusterFaults::roll),
                new Fault(Fault.Victim.NODE, "shrink to one and grow", "queue", ClusterFaults::shrink),
                new Fault(Fault.Victim.NODE, "clock ahead of node with queue", "queue", ClusterFaults::clock),
                new Fault(Fault.Victim.NODE, "clock ahead of node with bot", "bot", ClusterFaults::clock),
                new Fault(Fault.Victim.NODE, "clock ahead everywhere", "", ClusterFaults::clocks),
                new Fault(Fault.Victim.NODE, "wake-ups lost", "", ClusterFaults::wakes));
    }

    private static void roll(Fault fault, Stage stage, Random random) throws InterruptedException {
        List<NodeProcess> nodes = new ArrayList<>(stage.bus().nodes());
        Collections.shuffle(nodes, random);
        for (NodeProcess node : nodes) {
            List<String> hits = stage.roles().hits(node, stage.topology());
            stage.strikes(fault.kind(), node, fault.claims(), hits);
            long moment = System.nanoTime();
            leave(stage, node);
            stage.bus().start(node);
            stage.awaitReady();
            Thread.sleep(2_000);
            for (String hit : hits) {
                if (hit.startsWith("queue in-")) {
                    stage.recoveries().gap("silence in a rolling restart", hit.substring("queue ".length()), moment);
                }
            }
        }
        stage.healed(fault.kind());
    }

    private static void leave(Stage stage, NodeProcess node) {
        stage.bus().letGo(node);
        long moment = System.nanoTime();
        if (!node.terminate(STOP_SECONDS)) {
            stage.say("SLOW " + node.name() + " didn't stop within " + STOP_SECONDS + " s of SIGTERM and was killed");
        }
        stage.say(node.name() + " stopped after " + (System.nanoTime() - moment) / 1_000_000 + " ms");
    }

    private static void shrink(Fault fault, Stage stage, Random random) throws InterruptedException {
        List<NodeProcess> nodes = new ArrayList<>(stage.bus().nodes());
        Collections.shuffle(nodes, random);
        List<NodeProcess> leaving = nodes.subList(1, nodes.size());
        for (NodeProcess node : leaving) {
            stage.strikes(fault.kind(), node, fault.claims(), stage.roles().hits(node, stage.topology()));
            leave(stage, node);
        }
        Fault.hold(5_000, 15_000, random);
        leaving.forEach(stage.bus()::start);
        stage.healed(fault.kind());
    }

    private static void clock(Fault fault, Stage stage, Random random) throws InterruptedException {
        NodeProcess node = NodeFaults.target(NodeFaults.role(fault, stage, random), stage, random);
        List<String> hits = stage.roles().hits(node, stage.topology());
        if (stage.misses(fault.kind(), fault.claims(), hits)) {
            return;
        }
        stage.strikes(fault.kind(), node, fault.claims(), hits);
        node.tell("clock +60000");
        Fault.hold(5_000, 15_000, random);
        node.tell("clock 0");
        stage.healed(fault.kind());
    }

    private static void clocks(Fault fault, Stage stage, Random random) throws InterruptedException {
        stage.strikes(fault.kind(), "all nodes", fault.claims(), List.of());
        stage.bus().nodes().forEach(node -> node.tell("clock +60000"));
        Fault.hold(5_000, 15_000, random);
        stage.bus().nodes().forEach(node -> node.tell("clock 0"));
        stage.healed(fault.kind());
    }

    private static void wakes(Fault fault, Stage stage, Random random) throws InterruptedException {
        stage.strikes(fault.kind(), "all nodes", fault.claims(), List.of());
        stage.bus().nodes().forEach(node -> node.tell("wakes drop"));
        Fault.hold(15_000, 25_000, random);
        stage.bus().nodes().forEach(node -> node.tell("wakes pass"));
        stage.healed(fault.kind());
    }
}
