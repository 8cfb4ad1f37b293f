package io.millrace.node.bot;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a bot is doing at a moment (semantics.md, "Lag and state"): lag, state and rates are reckoned here, whether what is known
 * was found now or noted a while ago. Pure; {@code now} is ms since the epoch.
 */
final class Vitals {
    /** A source lag of more than this is warned of where the registration says nothing. */
    static final Duration LATE = Duration.ofSeconds(150);

    private static final String BACKING_OFF = "backing-off";

    private Vitals() {}

    /** @param trend null if nothing is known of the past */
    static BotInfo info(String bot, BotState state, BotFacts facts, @Nullable Trend trend, long now) {
        BotInfo bare = BotView.info(bot, state, Map.of(), facts.written(), now);
        return at(bare, facts.waiting(), state.createdAt(), trend, now, null);
    }

    /**
     * What is known of a bot as it is to be seen now.
     *
     * @param info with its write checkpoints and all that doesn't change by time alone
     * @param createdAt when it was registered, ms
     * @param asOf when that was noted, null for now
     */
    static BotInfo at(
            BotInfo info,
            Map<String, BotFacts.Waiting> waiting,
            long createdAt,
            @Nullable Trend trend,
            long now,
            @Nullable Instant asOf) {
        Map<String, BotInfo.Lag> lag = new TreeMap<>();
        waiting.forEach((queue, waits) -> lag.put(
                queue,
                new BotInfo.Lag(
                        waits.events(),
                        waits.events() == 0 ? 0 : seconds(waits.since(), now),
                        trend == null ? null : trend.catchUp(queue, waits.events(), now))));
        Map<String, BotInfo.WriteLag> writeLag = writeLag(info, createdAt, now);
        Instant until = info.backoffUntil();
        boolean backsOff = until != null && until.toEpochMilli() > now;
        List<String> flags = new ArrayList<>(info.flags());
        if (!backsOff) {
            flags.remove(BACKING_OFF);
        }
        return info.with(
                state(info.errorCount(), info.config().lag(), lag, writeLag),
                flags,
                backsOff ? until : null,
                lag,
                writeLag,
                trend == null ? null : trend.tally().rates(now),
                asOf);
    }

    /** What is registered as written counts from the beginning; what isn't, from its first write. */
    private static Map<String, BotInfo.WriteLag> writeLag(BotInfo info, long createdAt, long now) {
        Map<String, BotInfo.WriteLag> lags = new TreeMap<>();
        List<String> registered = info.config().writes();
        if (registered != null) {
            registered.forEach(queue -> lags.put(queue, new BotInfo.WriteLag(seconds(createdAt, now))));
        }
        for (Map.Entry<String, Checkpoint> entry : info.checkpoints().write().entrySet()) {
            lags.put(
                    entry.getKey(),
                    new BotInfo.WriteLag(seconds(entry.getValue().endedTimestamp(), now)));
        }
        return lags;
    }

    static String state(
            int errorCount,
            BotConfig.@Nullable Lag limits,
            Map<String, BotInfo.Lag> lag,
            Map<String, BotInfo.WriteLag> writeLag) {
        if (errorCount > BotState.ROGUE_AFTER) {
            return "rogue";
        } else if (errorCount > 0) {
            return "error";
        }
        double source = seconds(limits == null || limits.source() == null ? LATE : limits.source());
        double write = limits == null || limits.write() == null ? Double.MAX_VALUE : seconds(limits.write());
        return lag.values().stream().anyMatch(each -> each.seconds() > source)
                        || writeLag.values().stream().anyMatch(each -> each.seconds() > write)
                ? "warning"
                : "nominal";
    }

    private static double seconds(@Nullable Long since, long now) {
        return since == null ? 0 : Math.max(0, now - since) / 1_000.0;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
