package io.millrace.node.faults.nemesis;

import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.work.BotPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Nodes that die or stand still. */
final class NodeFaults {
    private static final String OLDEST = "oldest";
    private static final int LOOKS = 20;
    private static final int ATTEMPTS = 6;

    private NodeFaults() {}

    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        for (String claims : List.of("queue", "bot", OLDEST)) {
            all.add(new Fault(Fault.Victim.NODE, "kill node with " + claims, claims, NodeFaults::kill));
            for (int seconds : List.of(3, 12, 30)) {
                all.add(new Fault(
                        Fault.Victim.NODE,
                        "stop node with " + claims + " for " + seconds + " s",
                        claims,
                        (fault, stage, random) -> pause(fault, stage, random, seconds * 1_000L)));
            }
        }
        all.add(new Fault(Fault.Victim.NODE, "kill before handler", "bot", (f, s, r) -> halt(f, s, r, "before", 0)));
        all.add(new Fault(Fault.Victim.NODE, "kill after handler", "bot", (f, s, r) -> halt(f, s, r, "after", 0)));
        all.add(new Fault(
                Fault.Victim.NODE,
                "kill after append",
                "bot",
                (f, s, r) -> halt(f, s, r, "later", 20 + r.nextInt(200))));
        all.add(new Fault(
                Fault.Victim.NODE,
                "kill after checkpoint",
                "bot",
                (f, s, r) -> halt(f, s, r, "later", 1_100 + r.nextInt(300))));
        return all;
    }

    static String role(Fault fault, Stage stage, Random random) {
        return switch (fault.claims()) {
            case "queue" -> "queue " + Fault.pick(stage.topology().queues(), random);
            case "bot" -> "bot " + Fault.pick(stage.topology().bots(), random);
            default -> OLDEST;
        };
    }

    static NodeProcess target(String role, Stage stage, Random random) throws InterruptedException {
        NodeProcess any = Fault.pick(stage.bus().nodes(), random);
        for (int i = 0; i < LOOKS; i++) {
            Optional<NodeProcess> owner = stage.roles().of(role);
            if (owner.isPresent()) {
                return owner.get();
            }
            Thread.sleep(500);
        }
        return any;
    }

    private static void kill(Fault fault, Stage stage, Random random) throws InterruptedException {
        NodeProcess node = target(role(fault, stage, random), stage, random);
        List<String> hits = stage.roles().hits(node, stage.topology());
        if (stage.misses(fault.kind(), fault.claims(), hits)) {
            return;
        }
        List<Runnable> measures = prepare(stage, hits);
        stage.strikes(fault.kind(), node, fault.claims(), hits);
        stage.bus().letGo(node);
        node.kill();
        measures.forEach(Runnable::run);
        down(fault, stage, random, node);
    }

    /** What to measure from the moment of the kill on. */
    private static List<Runnable> prepare(Stage stage, List<String> hits) throws InterruptedException {
        List<Runnable> measures = new ArrayList<>();
        for (String hit : hits) {
            if (hit.startsWith("queue in-")) {
                measures.add(() -> stage.recoveries().awaitAppend(hit.substring("queue ".length()), System.nanoTime()));
            } else if (hit.startsWith("bot ") && isJava(stage, hit)) {
                String bot = hit.substring("bot ".length());
                long epoch = stage.recoveries().epoch(bot);
                measures.add(() -> stage.recoveries().awaitRun(bot, System.nanoTime(), epoch));
            }
        }
        return measures;
    }

    private static boolean isJava(Stage stage, String hit) {
        return stage.topology().of(BotPlan.Kind.JAVA).stream().anyMatch(plan -> hit.equals("bot " + plan.name()));
    }

    /** Mostly long enough for the others to go on without it, sometimes back before they noticed. */
    private static void down(Fault fault, Stage stage, Random random, NodeProcess node) throws InterruptedException {
        if (random.nextInt(4) == 0) {
            Fault.hold(100, 1_000, random);
        } else {
            Fault.hold(15_000, 25_000, random);
        }
        stage.bus().start(node);
        stage.healed(fault.kind());
    }

    private static void pause(Fault fault, Stage stage, Random random, long millis) throws InterruptedException {
        NodeProcess node = target(role(fault, stage, random), stage, random);
        List<String> hits = stage.roles().hits(node, stage.topology());
        if (stage.misses(fault.kind(), fault.claims(), hits)) {
            return;
        }
        stage.strikes(fault.kind(), node, fault.claims(), hits);
        node.pause(millis);
        stage.healed(fault.kind());
    }

    private static void halt(Fault fault, Stage stage, Random random, String point, long millis)
            throws InterruptedException {
        for (int i = 0; i < ATTEMPTS; i++) {
            String bot =
                    Fault.pick(stage.topology().of(BotPlan.Kind.JAVA), random).name();
            NodeProcess node = target("bot " + bot, stage, random);
            List<String> hits = stage.roles().hits(node, stage.topology());
            stage.bus().letGo(node);
            node.tell("halt " + point + " " + bot + " " + millis);
            if (ends(node)) {
                stage.strikes(fault.kind(), node, fault.claims(), withBot(hits, bot));
                down(fault, stage, random, node);
                return;
            }
            node.tell("halt never " + bot + " 0");
            stage.bus().start(node);
        }
        stage.say("MISSED " + fault.kind() + ": no handler was called");
    }

    /** The node ended in this bot's handler, whatever could be learnt of who has what. */
    private static List<String> withBot(List<String> hits, String bot) {
        String own = "bot " + bot;
        return hits.contains(own)
                ? hits
                : Stream.concat(hits.stream(), Stream.of(own)).toList();
    }

    private static boolean ends(NodeProcess node) throws InterruptedException {
        for (int i = 0; i < 60 && node.isAlive(); i++) {
            Thread.sleep(100);
        }
        return !node.isAlive();
    }
}
