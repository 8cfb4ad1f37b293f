package io.millrace.node.bot;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.run.DeadLetter;
import io.millrace.node.telemetry.LogFields;
import io.millrace.node.telemetry.Names;
import io.millrace.node.telemetry.Timers;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the bots in memory on this node stand and what their runs come to, by name and in sums of the node that never start
 * anew; a rogue bot is told of by the log as well. Counted from what has become durable, so for every kind of handler.
 * Thread-safe.
 */
final class BotMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(BotMetrics.class);

    /** One of them at a time, in this order. */
    enum Standing {
        PAUSED,
        ROGUE,
        RUNNING,
        BACKING_OFF,
        IDLE;

        static Standing of(BotState state, long now) {
            if (state.paused()) {
                return PAUSED;
            } else if (state.isRogue()) {
                return ROGUE;
            } else if (state.run() != null) {
                return RUNNING;
            }
            return state.backoffUntil() > now ? BACKING_OFF : IDLE;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final MeterRegistry registry;
    private final Names names;
    private final LongSupplier clock;
    private final LagMeters lag;
    private final Map<String, BotState> inMemory = new ConcurrentHashMap<>();
    private final Map<BotEvent.How, Timer> runs = new EnumMap<>(BotEvent.How.class);
    private final Counter handled;
    private final Counter deadLetters;
    private final Counter skipped;

    /**
     * Registers the meters of the node.
     *
     * @param max how many bots are told of by name, and how many pairs of a bot and a queue
     * @param clock ms since the epoch
     */
    BotMetrics(MeterRegistry registry, int max, LongSupplier clock) {
        this.registry = registry;
        this.names = new Names(max);
        this.clock = clock;
        this.lag = new LagMeters(registry, max, clock);
        for (Standing standing : Standing.values()) {
            Gauge.builder("millrace.bots", inMemory, bots -> count(bots, standing))
                    .description("Bots in memory on this node, by how they stand; rogue: more than ten errors in a row")
                    .tag("state", standing.label())
                    .register(registry);
        }
        for (BotEvent.How how : BotEvent.How.values()) {
            runs.put(
                    how,
                    Timers.ofWork("millrace.runs", "Runs that are over, by how they ended")
                            .tag("outcome", how.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        handled = counter("millrace.handled.events", "Events that bots have handled");
        deadLetters = counter("millrace.dead.letters", "Events that became dead letters");
        skipped = counter("millrace.skipped.events", "Events that were passed unhandled after they had failed");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private long count(Map<String, BotState> bots, Standing standing) {
        long now = clock.getAsLong();
        return bots.values().stream()
                .filter(state -> Standing.of(state, now) == standing)
                .count();
    }

    /** The meters of a bot that has come into memory. */
    OfBot of(String bot) {
        return new OfBot(bot);
    }

    /** How far bots are behind. */
    LagMeters lag() {
        return lag;
    }

    /** Confined to the bot's actor. */
    final class OfBot {
        private final String bot;
        private String taken = "";

        private OfBot(String bot) {
            this.bot = bot;
            lag.came(bot);
        }

        /** The log was read. */
        void recovered(BotState state) {
            stands(state);
        }

        /** A commit is durable. */
        void settled(BotState before, BotState after) {
            stands(after);
            long records = after.epoch() == before.epoch()
                    ? Chronicle.records(after, after.epoch()) - Chronicle.records(before, after.epoch())
                    : Chronicle.records(after, before.epoch())
                            - Chronicle.records(before, before.epoch())
                            + Chronicle.records(after, after.epoch());
            count(handled, "millrace.bot.events", "Events handled by bot, since it came into memory here", records);
            long dead = after.poison().deadLettered() - before.poison().deadLettered();
            count(
                    deadLetters,
                    "millrace.bot.dead.letters",
                    "Events that became dead letters by bot, since it came into memory here",
                    dead);
            long passed = after.poison().skipped() - before.poison().skipped();
            if (passed > 0) {
                skipped.increment((double) passed);
            }
            BotState.Run run = before.run();
            if (run != null) {
                after.past().stream()
                        .filter(past -> past.run().epoch() == run.epoch())
                        .forEach(this::ended);
            }
        }

        private void count(Counter all, String name, String description, long more) {
            if (more > 0) {
                all.increment((double) more);
                own(Counter.builder(name).description(description)).increment((double) more);
            }
        }

        private void ended(BotState.Past past) {
            Timer timer = runs.get(past.how());
            if (timer != null) {
                timer.record(Math.max(0, past.endedAt() - past.run().startedAt()), TimeUnit.MILLISECONDS);
            }
            own(Counter.builder("millrace.bot.runs")
                            .description("Runs that are over by bot, since it came into memory here")
                            .tag("outcome", past.how().name().toLowerCase(Locale.ROOT)))
                    .increment();
        }

        private Counter own(Counter.Builder meter) {
            if (taken.isEmpty()) {
                taken = names.take(bot);
            }
            return meter.tag(LogFields.BOT, taken).register(registry);
        }

        private void stands(BotState state) {
            if (!state.exists() || state.archived()) {
                inMemory.remove(bot);
                return;
            }
            BotState before = inMemory.put(bot, state);
            boolean wasRogue = before != null && before.isRogue();
            if (state.isRogue() && !wasRogue) {
                LOG.atError()
                        .addKeyValue(LogFields.BOT, bot)
                        .log(
                                "Bot {} is rogue after {} errors in a row; it is tried every 15 minutes until it succeeds or is"
                                        + " resumed. The last error: {}",
                                bot,
                                state.errorCount(),
                                DeadLetter.oneLine(state.lastError()));
            } else if (!state.isRogue() && wasRogue) {
                LOG.atInfo().addKeyValue(LogFields.BOT, bot).log("Bot {} is rogue no more", bot);
            }
        }

        /**
         * The bot leaves memory.
         *
         * @param rests it is at rest, and whoever wakes it finds it here as a rule; else another node may have it
         * @param asked its queues are being asked how far it is behind
         */
        void close(boolean rests, boolean asked) {
            inMemory.remove(bot);
            lag.left(bot, rests, asked);
            if (names.leave(taken)) {
                registry.find("millrace.bot.events")
                        .tag(LogFields.BOT, taken)
                        .meters()
                        .forEach(registry::remove);
                registry.find("millrace.bot.dead.letters")
                        .tag(LogFields.BOT, taken)
                        .meters()
                        .forEach(registry::remove);
                registry.find("millrace.bot.runs")
                        .tag(LogFields.BOT, taken)
                        .meters()
                        .forEach(registry::remove);
            }
            taken = "";
        }
    }
}
