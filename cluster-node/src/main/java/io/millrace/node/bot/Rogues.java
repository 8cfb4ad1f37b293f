package io.millrace.node.bot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.run.DeadLetter;
import io.millrace.node.telemetry.LogFields;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rogue bots that live on this node: an alarm by a metric and by the log. Thread-safe. */
final class Rogues {
    private static final Logger LOG = LoggerFactory.getLogger(Rogues.class);

    private final Set<String> bots = ConcurrentHashMap.newKeySet();

    Rogues(MeterRegistry meters) {
        Gauge.builder("millrace.bots.rogue", bots, Set::size)
                .description("Bots with more than ten errors in a row, tried every 15 minutes only; by where they live")
                .register(meters);
    }

    /** Takes note of how a bot stands. */
    void note(String bot, BotState state) {
        boolean rogue = state.isRogue() && !state.archived();
        if (rogue && bots.add(bot)) {
            LOG.atError()
                    .addKeyValue(LogFields.BOT, bot)
                    .log(
                            "Bot {} is rogue after {} errors in a row; it is tried every 15 minutes until it succeeds or is"
                                    + " resumed. The last error: {}",
                            bot,
                            state.errorCount(),
                            DeadLetter.oneLine(state.lastError()));
        } else if (!rogue && bots.remove(bot)) {
            LOG.atInfo().addKeyValue(LogFields.BOT, bot).log("Bot {} is rogue no more", bot);
        }
    }

    /** The bot lives here no more. */
    void gone(String bot) {
        bots.remove(bot);
    }
}
