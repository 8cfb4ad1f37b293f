package io.millrace.node.bot;

import io.millrace.protocol.EventId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a bot says to its trigger queues, and what it makes of what it hears. */
final class Triggers {
    /** A run that ends well at once without having read anything isn't started again within this, ms. */
    private static final long IDLE_RUN_REST = 1_000;

    private final BotContext bot;
    private final BotMoment moment;

    Triggers(BotContext bot, BotMoment moment) {
        this.bot = bot;
        this.moment = moment;
    }

    /** The log was read. Who has woken the bot already need not be asked. */
    void recovered(BotState state) {
        moment.retain(wanted(state)).forEach(this::unsubscribe);
        if (state.run() == null) {
            wanted(state).stream().filter(queue -> !moment.hasEvents(queue)).forEach(queue -> ask(state, queue));
        }
    }

    /** Makes the moment fit the state that a commit has led to. */
    void settle(BotState before, BotState after) {
        boolean runEnded = before.run() != null && after.run() == null;
        boolean changed = before.version() != after.version();
        if (runEnded) {
            moment.runEnded(bot.ticker().millis(), after.lastRunDidNothingWithin(IDLE_RUN_REST) ? IDLE_RUN_REST : 0);
        }
        if (after.paused()) {
            moment.stopRun();
        }
        boolean others = !before.wakers().equals(after.wakers());
        if (others
                && after.run() != null
                && after.wakers().size() > before.wakers().size()) {
            moment.stopRun(); // it doesn't read the new one: the next run does
        }
        if (changed || others) {
            Set<String> gone = new HashSet<>(before.wakers());
            gone.removeAll(wanted(after));
            gone.forEach(queue -> {
                moment.nothingWaits(queue);
                unsubscribe(queue);
            });
        }
        boolean redriven = !before.redriving().equals(after.redriving());
        if (runEnded || changed || others || redriven || before.generation() != after.generation()) {
            askAll(after);
        }
    }

    /** Questions of the sweeper, or of a queue that was paused: they tell a queue's newest event, or mean all queues. */
    void look(BotState state, List<BotCommand.Check> checks) {
        for (BotCommand.Check check : checks) {
            String queue = check.queue();
            EventId last = check.last();
            if (queue == null || last == null) {
                askAll(state);
            } else if (state.run() == null && wanted(state).contains(queue)) {
                look(state, queue, last);
            }
        }
        moment.retain(wanted(state)).forEach(this::unsubscribe);
    }

    private void look(BotState state, String queue, EventId last) {
        if (moment.isHeld(queue)) {
            ask(state, queue); // it alone knows whether it is paused still
        } else if (state.position(queue).isBefore(last)) {
            moment.eventsWait(queue);
        }
    }

    /** Asks the queues that have said nothing for too long. */
    void askAgain(BotState state) {
        moment.toAskAgain(bot.ticker().millis()).forEach(queue -> ask(state, queue));
    }

    private void askAll(BotState state) {
        if (state.run() == null) {
            wanted(state).forEach(queue -> ask(state, queue));
        }
    }

    private void ask(BotState state, String queue) {
        moment.asked(queue, bot.ticker().millis());
        bot.queues().sleep(queue, bot.id().value(), state.position(queue));
    }

    private void unsubscribe(String queue) {
        bot.queues().unsubscribe(queue, bot.id().value());
    }

    private static List<String> wanted(BotState state) {
        return state.archived() ? List.of() : state.wakers();
    }
}
