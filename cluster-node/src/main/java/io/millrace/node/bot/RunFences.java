package io.millrace.node.bot;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether the queues that a bot writes to know that its runs so far are over (design D4): before they all do, the next
 * run doesn't begin. Only of the moment: after a recovery they are asked again, and answer at once. Times in ms.
 */
final class RunFences {
    private static final long REPEAT_MILLIS = 1_000;

    private long epoch;
    private final Map<String, Long> unheard = new HashMap<>();

    /**
     * The queues to tell now that all runs before the state's next one are over; those that have been told and said
     * nothing are told again after a second. Between runs only: a run adds queues.
     */
    Set<String> toTell(BotState state, long now) {
        if (epoch != state.epoch() + 1) {
            epoch = state.epoch() + 1;
            unheard.clear();
            state.written().forEach(queue -> unheard.put(queue, now));
        }
        Set<String> due = new HashSet<>();
        unheard.replaceAll((queue, at) -> {
            if (at > now) {
                return at;
            }
            due.add(queue);
            return now + REPEAT_MILLIS;
        });
        return due;
    }

    /** A queue has said that it takes nothing of runs before an epoch. */
    void heard(String queue, long fenced) {
        if (fenced >= epoch) {
            unheard.remove(queue);
        }
    }

    /** Whether all queues have said so of the state's next run. */
    boolean stand(BotState state) {
        return epoch == state.epoch() + 1 && unheard.isEmpty();
    }

    /** Whether some have yet to say so. */
    boolean arePending() {
        return !unheard.isEmpty();
    }

    /** Those that have yet to say so. */
    Set<String> pending() {
        return Set.copyOf(unheard.keySet());
    }
}
