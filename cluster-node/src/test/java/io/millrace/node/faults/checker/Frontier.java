package io.millrace.node.faults.checker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which acknowledged append of a queue stands furthest behind, at each moment: sorted once, asked by bisection. */
final class Frontier {
    private final long[] times;
    private final int[] furthest;

    private Frontier(int[] acknowledged, Appends appends, Placement placement) {
        Order.by(acknowledged, appends::acknowledgedAt);
        times = new long[acknowledged.length];
        furthest = acknowledged;
        for (int i = 0; i < acknowledged.length; i++) {
            times[i] = appends.acknowledgedAt(acknowledged[i]);
            if (i > 0 && placement.last(furthest[i - 1]) > placement.last(acknowledged[i])) {
                furthest[i] = furthest[i - 1];
            }
        }
    }

    /** One for each queue, of the appends that are there. */
    static Map<String, Frontier> of(Facts facts) {
        Appends appends = facts.appends;
        Placement placement = facts.placement();
        Map<String, IntList> byQueue = new HashMap<>();
        for (int i = 0; i < appends.size(); i++) {
            if (appends.isAcknowledged(i) && placement.isThere(i)) {
                byQueue.computeIfAbsent(appends.queue(i), queue -> new IntList())
                        .add(i);
            }
        }
        Map<String, Frontier> frontiers = new HashMap<>();
        List<String> queues = new ArrayList<>(byQueue.keySet());
        for (String queue : queues) {
            frontiers.put(queue, new Frontier(byQueue.remove(queue).toArray(), appends, placement));
        }
        return frontiers;
    }

    /** Of the appends that were acknowledged before a time, the one that stands furthest behind; -1 if there is none. */
    int before(long time) {
        int found = Arrays.binarySearch(times, time);
        int count = found < 0 ? -found - 1 : found;
        while (count > 0 && times[count - 1] == time) {
            count--;
        }
        return count == 0 ? -1 : furthest[count - 1];
    }
}
