package io.millrace.node.bot;

import io.millrace.node.journal.ScheduledBot;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the plan of schedules say what the bot's log says: after each change and, since the plan may have missed the last one,
 * when the bot comes up. Repeated until it is durable; the bot doesn't leave before.
 */
final class Planning {
    private static final long REPEAT_MILLIS = 1_000;

    private final BotContext bot;
    /** Hands the outcome of what is asked to the actor. */
    private final BiConsumer<CompletionStage<?>, @Nullable ScheduledBot> asked;

    private @Nullable ScheduledBot planned;
    private boolean certain;
    private boolean underWay;
    private long notBefore;

    Planning(BotContext bot, BiConsumer<CompletionStage<?>, @Nullable ScheduledBot> asked) {
        this.bot = bot;
        this.asked = asked;
    }

    /** The log was read: what the plan has is unknown. A bot without a schedule has hardly ever had one. */
    void recovered(BotState state) {
        planned = null;
        certain = wanted(state) == null;
        underWay = false;
        settle(state);
    }

    /** The plan had the bot woken. */
    void woken(BotState state) {
        certain &= wanted(state) != null; // else it is to be taken out
    }

    void settle(BotState state) {
        if (isPending(state) && !underWay && bot.ticker().millis() >= notBefore) {
            underWay = true;
            ScheduledBot wanted = wanted(state);
            asked.accept(
                    wanted == null
                            ? bot.plan().remove(bot.id().value())
                            : bot.plan().put(wanted),
                    wanted);
        }
    }

    void done(@Nullable ScheduledBot scheduled, boolean durable) {
        underWay = false;
        if (durable) {
            planned = scheduled;
            certain = true;
        } else {
            notBefore = bot.ticker().millis() + REPEAT_MILLIS;
        }
    }

    /** Whether the plan has yet to say what the log says. */
    boolean isPending(BotState state) {
        return !certain || !Objects.equals(planned, wanted(state));
    }

    private @Nullable ScheduledBot wanted(BotState state) {
        return BotSlots.scheduled(bot.id().value(), state);
    }
}
