package io.millrace.node.queue;

import io.millrace.protocol.Position;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bots that found nothing more and sleep until the next append (design D8). Bounded by the queue's subscribers: who
 * isn't subscribed is woken at once and sleeps elsewhere.
 */
final class Sleepers {
    private final Set<String> asleep = new HashSet<>();
    private final Consumer<String> wake;

    Sleepers(Consumer<String> wake) {
        this.wake = wake;
    }

    /** Remembers a sleeper, or wakes it at once where something lies after its position. */
    void add(QueueCommand.Sleep sleep, @Nullable QueueState state) {
        if (state == null) {
            return; // recovery ends with waking all subscribers
        }
        if (hasEventsAfter(state, sleep.position())) {
            wake.accept(sleep.bot());
        } else if (state.subscribers().contains(sleep.bot())) {
            asleep.add(sleep.bot());
        }
    }

    private static boolean hasEventsAfter(QueueState state, Position position) {
        return state.first() != null && position.isBefore(state.last());
    }

    /** After a recovery nobody knows who sleeps: all subscribers are taken to, and woken if there is anything at all. */
    void recovered(QueueState state) {
        asleep.clear();
        asleep.addAll(state.subscribers());
        wakeAll(state.first() != null);
    }

    void wakeAll(boolean somethingNew) {
        if (somethingNew && !asleep.isEmpty()) {
            Set<String> woken = Set.copyOf(asleep);
            asleep.clear();
            woken.forEach(wake);
        }
    }
}
