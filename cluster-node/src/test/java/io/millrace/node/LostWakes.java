package io.millrace.node;

import io.millrace.node.queue.BotSignals;
import io.millrace.protocol.EventId;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What comes between queues and bots, except for wake-ups that get lost.
 *
 * @param loses asked at each wake-up: whether this one does
 */
record LostWakes(BotSignals signals, BooleanSupplier loses) implements BotSignals {
    @Override
    public void wake(String bot, String queue) {
        if (!loses.getAsBoolean()) {
            signals.wake(bot, queue);
        }
    }

    /** Wakes as well: only the words are others. */
    @Override
    public void look(String bot, String queue, EventId last) {
        if (!loses.getAsBoolean()) {
            signals.look(bot, queue, last);
        }
    }

    @Override
    public void held(String bot, String queue) {
        signals.held(bot, queue);
    }

    @Override
    public void wrote(String bot, String queue) {
        signals.wrote(bot, queue);
    }

    @Override
    public void fenced(String bot, String queue, long epoch, Map<String, EventId> marks) {
        signals.fenced(bot, queue, epoch, marks);
    }

    @Override
    public void asleep(String bot, String queue) {
        signals.asleep(bot, queue);
    }
}
