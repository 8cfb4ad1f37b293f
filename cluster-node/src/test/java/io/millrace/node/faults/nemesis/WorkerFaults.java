package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.work.BotPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Workers that die, stand still, or forget their heartbeats and go on later as if nothing had happened. */
final class WorkerFaults {
    private static final int LOOKS = 40;

    private WorkerFaults() {}

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.add(fault("kill worker", (node, random) -> {
            node.kill();
            Fault.hold(500, 20_000, random);
            node.start();
        }));
        for (int seconds : List.of(3, 12, 30)) {
            all.add(fault("stop worker for " + seconds + " s", (node, random) -> node.pause(seconds * 1_000L)));
        }
        for (int seconds : List.of(10, 25)) {
            all.add(fault("hang worker for " + seconds + " s", (node, random) -> {
                node.tell("hang " + seconds * 1_000L);
                Thread.sleep(seconds * 1_000L + 3_000);
            }));
        }
        return all;
    }

    @FunctionalInterface
    private interface Blow {
        void strike(NodeProcess worker, Random random) throws InterruptedException;
    }

    private static Fault fault(String kind, Blow blow) {
        return new Fault(Fault.Victim.WORKER, kind, "worker", (fault, stage, random) -> {
            String bot =
                    Fault.pick(stage.topology().of(BotPlan.Kind.WORKER), random).name();
            Optional<NodeProcess> working = working(stage, bot);
            List<String> hits =
                    working.map(worker -> List.of("worker " + worker.name())).orElse(List.of());
            if (stage.misses(kind, "worker", hits)) {
                return;
            }
            NodeProcess worker = working.orElseThrow();
            stage.strikes(kind, worker, "worker", hits);
            blow.strike(worker, random);
            stage.healed(kind);
        });
    }

    private static Optional<NodeProcess> working(Stage stage, String bot) throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            String name = stage.recoveries().worker(bot);
            for (NodeProcess worker : stage.workers().processes()) {
                if (name.equals(worker.name()) || name.startsWith(worker.name() + ".")) {
                    return Optional.of(worker);
                }
            }
            Thread.sleep(250);
        }
        return Optional.empty();
    }
}
