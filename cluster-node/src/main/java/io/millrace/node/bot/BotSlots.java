package io.millrace.node.bot;

import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.schedule.InvalidScheduleException;
import io.millrace.node.schedule.Schedule;
import io.millrace.node.telemetry.LogFields;
import io.millrace.protocol.http.BotConfig;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of a bot's schedule that are not taken yet. A slot is taken with the journaled start of a run: never by two of
 * them, be the clock set back or the bot brought up anew. Remembers what it has worked out.
 */
final class BotSlots {
    private static final Logger LOG = LoggerFactory.getLogger(BotSlots.class);
    private static final String UTC = "UTC";

    private @Nullable ScheduledBot known;
    private @Nullable Schedule schedule;
    private @Nullable Long after;
    private @Nullable Instant next;

    /** The schedule that is to be followed; null if the bot has none or isn't to run. */
    static @Nullable ScheduledBot scheduled(String bot, BotState state) {
        if (!state.exists() || state.archived() || state.paused() || state.duty() != null) {
            return null;
        }
        BotConfig config = state.registration();
        String zone = config.timeZone();
        return config.schedule() == null ? null : new ScheduledBot(bot, config.schedule(), zone == null ? UTC : zone);
    }

    /** The first slot that isn't taken; it may have passed. Null if there is none, or the bot isn't to run. */
    @Nullable
    Instant next(String bot, BotState state) {
        ScheduledBot scheduled = scheduled(bot, state);
        Long taken = state.slot();
        if (scheduled == null || taken == null) {
            return null;
        }
        if (!scheduled.equals(known)) {
            known = scheduled;
            schedule = read(scheduled);
            after = null;
        }
        if (!Objects.equals(taken, after)) {
            after = taken;
            next = schedule == null
                    ? null
                    : schedule.next(Instant.ofEpochMilli(taken)).orElse(null);
        }
        return next;
    }

    /** The slot for which a run is to begin now, if any: of those that were missed the last. */
    @Nullable
    Instant due(String bot, BotState state, Instant now) {
        Instant first = next(bot, state);
        if (first == null || schedule == null || first.isAfter(now)) {
            return null;
        }
        return schedule.last(first.minusMillis(1), now).orElse(first);
    }

    /** The next five slots of a bot for which no run has begun; null if it has no schedule. */
    static @Nullable List<Instant> nextFive(String bot, BotState state, Instant now) {
        BotConfig config = state.registration();
        Long taken = state.slot();
        if (config.schedule() == null || taken == null) {
            return null;
        }
        Schedule schedule = read(new ScheduledBot(bot, config.schedule(), config.timeZone()));
        return schedule == null
                ? List.of()
                : schedule.nextFive(now.toEpochMilli() > taken ? now : Instant.ofEpochMilli(taken));
    }

    private static @Nullable Schedule read(ScheduledBot scheduled) {
        try {
            return Schedule.of(scheduled.cron(), scheduled.timeZone());
        } catch (InvalidScheduleException e) {
            // It was valid when it was registered: a zone that the tz database has dropped since.
            LOG.atWarn()
                    .addKeyValue(LogFields.BOT, scheduled.bot())
                    .log("Bot {} doesn't run by its schedule any more: {}", scheduled.bot(), e.detail());
            return null;
        }
    }
}
