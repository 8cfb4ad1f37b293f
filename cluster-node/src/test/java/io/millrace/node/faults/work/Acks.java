package io.millrace.node.faults.work;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** When which queue acknowledged an append; times are of {@link System#nanoTime()}. */
public final class Acks {
    private final Map<String, ConcurrentSkipListMap<Long, Long>> toByFrom = new ConcurrentHashMap<>();

    void acknowledged(String queue, long from, long to) {
        toByFrom.computeIfAbsent(queue, q -> new ConcurrentSkipListMap<>()).put(from, to);
    }

    /** {@return when the first append that began after {@code moment} was acknowledged, if one was} */
    public OptionalLong firstBegunAfter(String queue, long moment) {
        return toByFrom.getOrDefault(queue, new ConcurrentSkipListMap<>()).tailMap(moment, false).values().stream()
                .mapToLong(to -> to)
                .min();
    }

    /** {@return the longest time in which the queue acknowledged nothing} */
    public long longestGap(String queue, long since, long until) {
        long[] moments = toByFrom.getOrDefault(queue, new ConcurrentSkipListMap<>()).values().stream()
                .mapToLong(to -> to)
                .filter(to -> to >= since && to <= until)
                .sorted()
                .toArray();
        long longest = 0;
        for (int i = 1; i < moments.length; i++) {
            longest = Math.max(longest, moments[i] - moments[i - 1]);
        }
        return longest;
    }
}
