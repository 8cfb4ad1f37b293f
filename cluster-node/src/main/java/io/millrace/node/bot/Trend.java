package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was noted of a bot over time: the little that its rates and its estimates need. Pure; times are ms since the epoch.
 *
 * <p>What it has read, run and failed is counted where it happens. What it has written is only known by the queues: they are
 * asked at each look, and what came since the look before is counted as written at that look, at most {@link Chronicle#EVERY}
 * late for a bot at work.
 *
 * @param written events written in all by the last look, by queue; null before the first
 * @param backlogs what waited at the looks of the last minute, oldest first, at most {@link #MAX_BACKLOGS}
 */
record Trend(Tally tally, @Nullable Map<String, Long> written, List<Backlog> backlogs) {
    static final Trend NONE = new Trend(Tally.NONE, null, List.of());
    static final int MAX_BACKLOGS = 13;

    private static final long MINUTE = 60_000;
    private static final long LEAST = 10_000;

    /** How many events waited at a time, by queue; none of a queue that isn't there. */
    record Backlog(long at, Map<String, Long> events) {}

    Trend counted(Tally more, long now) {
        return more.isNone() ? this : new Trend(tally.plus(more, now), written, backlogs);
    }

    /**
     * The queues were asked.
     *
     * @param createdAt when the bot was registered
     */
    Trend looked(BotFacts facts, long createdAt, long now) {
        // At the first look at a bot that isn't new: it may have written for years.
        boolean isFirst = written == null && createdAt < now - MINUTE;
        Map<String, Long> totals = written;
        long more = 0;
        if (facts.writtenIsWhole()) {
            totals = new TreeMap<>();
            for (Map.Entry<String, Checkpoint> entry : facts.written().entrySet()) {
                long total = entry.getValue().records();
                totals.put(entry.getKey(), total);
                long before = written == null ? 0 : written.getOrDefault(entry.getKey(), 0L);
                more += isFirst ? 0 : Math.max(0, total - before);
            }
        }
        List<Backlog> looks = new ArrayList<>(backlogs);
        looks.removeIf(look -> look.at() > now || look.at() < now - MINUTE);
        looks.add(new Backlog(now, facts.backlog()));
        return new Trend(
                tally.plus(now, 0, more, 0, 0),
                totals,
                List.copyOf(looks.subList(Math.max(0, looks.size() - MAX_BACKLOGS), looks.size())));
    }

    /**
     * How long until nothing waits in a queue if it goes on as it did.
     *
     * @param events that wait now
     * @return null if it never comes to that, or isn't known: too short a time or too long ago
     */
    @Nullable
    Duration catchUp(String queue, long events, long now) {
        if (events == 0) {
            return Duration.ZERO;
        }
        Backlog before = null;
        for (Backlog look : backlogs) {
            if (look.at() <= now - LEAST && look.at() >= now - MINUTE) {
                before = look;
            }
        }
        long fewer = before == null ? 0 : before.events().getOrDefault(queue, 0L) - events;
        return before == null || fewer <= 0
                ? null
                : Duration.ofSeconds((long) Math.ceil((double) events / fewer * (now - before.at()) / 1_000));
    }
}
