package io.millrace.node.faults.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rule 5: between an administrator's resets, a checkpoint that was accepted after another isn't before it. */
final class CheckpointsOnlyAdvance implements Rule {
    /** A checkpoint that held at some time of the interval; {@code judged} if it must not be behind earlier ones. */
    private record Point(int era, int rank, String position, long from, long to, boolean judged, long place) {}

    @Override
    public void check(Facts facts, Findings findings) {
        for (BotFacts bot : facts.bots.values()) {
            if (bot.isLane()) {
                continue; // it begins anew with each change of their number; what the bot shows is of all of them
            }
            Map<String, List<Point>> points = new TreeMap<>();
            new Collector(facts, bot, points).collect();
            points.forEach((queue, all) -> check(bot.bot + " in " + queue, all, findings));
        }
    }

    private static void check(String where, List<Point> points, Findings findings) {
        Map<Integer, List<Point>> eras = new TreeMap<>();
        points.forEach(point ->
                eras.computeIfAbsent(point.era, era -> new ArrayList<>()).add(point));
        eras.remove(-1);
        eras.values().forEach(era -> checkEra(where, era, findings));
    }

    private static void checkEra(String where, List<Point> points, Findings findings) {
        List<Point> byEnd = new ArrayList<>(points);
        byEnd.sort(Comparator.comparingLong(Point::to));
        List<Point> byStart = new ArrayList<>(points);
        byStart.sort(Comparator.comparingLong(Point::from));
        int next = 0;
        Point furthest = null;
        for (Point point : byStart) {
            while (next < byEnd.size() && byEnd.get(next).to < point.from) {
                Point ended = byEnd.get(next++);
                furthest = furthest == null || ended.rank > furthest.rank ? ended : furthest;
            }
            if (point.judged && furthest != null && point.rank < furthest.rank) {
                String what =
                        "the checkpoint of " + where + " went back from " + furthest.position + " to " + point.position;
                findings.add(Kind.CHECKPOINT_JUMP, 5, what, furthest.place, point.place);
            }
        }
    }

    private record Collector(Facts facts, BotFacts bot, Map<String, List<Point>> points) {
        void collect() {
            for (BotFacts.Move move : bot.moves) {
                add(
                        move.queue(),
                        move.position(),
                        move.call().from(),
                        move.call().to(),
                        true,
                        move.place());
            }
            for (var end : bot.finals) {
                end.operation()
                        .checkpoints()
                        .forEach((queue, position) -> add(
                                queue, position, end.call().from(), end.call().to(), true, end.place()));
            }
            for (var seen : bot.sightings) {
                seen.operation().checkpoints().forEach((queue, position) -> {
                    // What a node shows did hold once, but may be old: it is no proof that it holds still.
                    if (!new ResetWindows(bot, queue).any()) {
                        add(queue, position, seen.call().from(), seen.call().to(), false, seen.place());
                    }
                });
            }
        }

        private void add(String queue, String position, long from, long to, boolean judged, long place) {
            QueueLog log = facts.logs.get(queue);
            if (log != null) {
                int era = new ResetWindows(bot, queue).era(from, to);
                points.computeIfAbsent(queue, q -> new ArrayList<>())
                        .add(new Point(era, log.rank(position), position, from, to, judged, place));
            }
        }
    }
}
