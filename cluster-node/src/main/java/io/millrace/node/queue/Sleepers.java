package io.millrace.node.queue;

import io.millrace.protocol.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The bots that found nothing more and sleep until the next append (design D8). Bounded by the queue's subscribers, and by
 * the changes in line while they become that.
 */
final class Sleepers {
    private final Set<String> asleep = new HashSet<>();
    private final Map<String, QueueCommand.Sleep> subscribing = new HashMap<>();
    private final String queue;
    private final BotSignals bots;

    Sleepers(String queue, BotSignals bots) {
        this.queue = queue;
        this.bots = bots;
    }

    /** Takes a bot that wants to sleep; false if it must be subscribed first. */
    boolean offer(QueueCommand.Sleep sleep, QueueState state) {
        if (!state.subscribers().contains(sleep.bot())) {
            return false;
        }
        if (hasEventsAfter(state, sleep.position())) {
            bots.wake(sleep.bot(), queue);
        } else {
            asleep.add(sleep.bot());
            bots.asleep(sleep.bot(), queue);
        }
        return true;
    }

    /** Keeps a bot until its subscription is durable. */
    void subscribing(QueueCommand.Sleep sleep) {
        subscribing.put(sleep.bot(), sleep);
    }

    private static boolean hasEventsAfter(QueueState state, Position position) {
        return state.first() != null && position.isBefore(state.last());
    }

    /** After a recovery nobody knows who sleeps: all subscribers are taken to, and woken if there is anything at all. */
    void recovered(QueueState state) {
        asleep.clear();
        subscribing.clear();
        asleep.addAll(state.subscribers());
        if (state.first() != null) {
            wakeAll();
        }
    }

    /** After a commit. */
    void committed(QueueState state, boolean somethingNew) {
        if (somethingNew) {
            wakeAll();
        }
        if (!subscribing.isEmpty()) {
            subscribing.values().removeIf(sleep -> offer(sleep, state));
        }
    }

    private void wakeAll() {
        if (!asleep.isEmpty()) {
            Set<String> woken = Set.copyOf(asleep);
            asleep.clear();
            woken.forEach(bot -> bots.wake(bot, queue));
        }
    }
}
