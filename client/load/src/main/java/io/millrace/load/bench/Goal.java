package io.millrace.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a figure should be.
 *
 * @param workload of the result
 * @param figure its name in the result
 * @param atLeast whether larger is better
 * @param limit what it should be at least, or at most
 * @param why where the limit comes from
 */
record Goal(String workload, String figure, boolean atLeast, double limit, String why) {
    private static final double PUTS_64 = 20_000;

    /** The goals of issue 4; those that compare with a peer only where it was measured. */
    static List<Goal> all(Peers peers, Figures ours) {
        List<Goal> goals = new ArrayList<>();
        than(goals, peers, "W1", Peers.KAFKA, 1);
        atMost(goals, "W1", "totalCpuPerM", 3.0, "CPU seconds per million, client + node + Cassandra");
        than(goals, peers, "W2", Peers.KAFKA, 2);
        than(goals, peers, "W2", Peers.RABBIT, 1);
        atMost(goals, "W2", "totalCpuPerM", 0.6, "CPU seconds per million");
        ours.spread("W1b-insert", "p50Us")
                .ifPresent(insert -> atMost(
                        goals, "W1b-sync1", "p50Us", 3 * insert.median(), "3 x a flushed insert into this Cassandra"));
        goals.add(new Goal("W1b-sync64", "eps", true, PUTS_64, "at the least"));
        than(goals, peers, "W1b-sync64", Peers.KAFKA_FSYNC, 1);
        atMost(goals, "W3", "p50Us", 4_000, "4 ms");
        atMost(goals, "W3", "p99Us", 25_000, "25 ms");
        for (String hop : List.of("W3-hop", "W3-hop-java")) {
            atMost(goals, hop, "p50Us", 8_000, "twice that of W3");
            atMost(goals, hop, "p99Us", 50_000, "twice that of W3");
        }
        for (String pipeline : List.of("W4-eo", "W4-eo-java")) {
            than(goals, peers, pipeline, Peers.RABBIT, 1);
            than(goals, peers, pipeline, Peers.KAFKA, 3);
            atMost(goals, pipeline, "totalCpuPerM", 8.0, "CPU seconds per million");
        }
        atMost(goals, "W5-10000", "seconds", 20, "10,000 queues and an event in each");
        atMost(goals, "W5-bots1000", "seconds", 10, "1,000 bots woken at once, all handled");
        atMost(goals, "W6", "recoveryMs", 20_000, "kill -9 to the first new acknowledgement");
        atMost(goals, "W6", "ackedLost", 0, "nothing lost");
        atMost(goals, "W6", "duplicates", 0, "nothing twice");
        return goals;
    }

    private static void than(List<Goal> goals, Peers peers, String workload, String peer, double times) {
        OptionalDouble theirs = peers.eventsPerSecond(peer, workload.startsWith("W4-eo") ? "W4-eo" : workload);
        if (theirs.isPresent()) {
            goals.add(new Goal(workload, "eps", true, times * theirs.getAsDouble(), times + " x " + peer));
        }
    }

    private static void atMost(List<Goal> goals, String workload, String figure, double limit, String why) {
        goals.add(new Goal(workload, figure, false, limit, why));
    }

    boolean isMetBy(double value) {
        return atLeast ? value >= limit : value <= limit;
    }
}
