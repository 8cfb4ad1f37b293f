package io.millrace.node.bot;

import io.millrace.protocol.EventId;
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
    private long generation;
    private final Map<String, EventId> marks = new HashMap<>();
    private final Map<String, Long> unheard = new HashMap<>();

    /**
     * The queues to tell now that all runs before the state's next one are over; those that have been told and said
     * nothing are told again after a second. Between runs only: a run adds queues.
     */
    Set<String> toTell(BotState state, long now) {
        if (epoch != state.epoch() + 1 || generation != state.generation()) {
            epoch = state.epoch() + 1;
            generation = state.generation();
            marks.clear();
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

    /**
     * A queue has said that it takes nothing of runs before an epoch.
     *
     * @param output by source queue, how far what it took of them comes from
     */
    void heard(String queue, long fenced, Map<String, EventId> output) {
        if (fenced >= epoch && unheard.remove(queue) != null) {
            output.forEach((source, mark) -> marks.merge(source, mark, (a, b) -> a.isAfter(b) ? a : b));
        }
    }

    /**
     * By source queue, how far what all queues have taken of the runs before comes from, as far as they have said so: of those
     * before the state's next run or, while one is under way, before that.
     */
    Map<String, EventId> marks(BotState state) {
        boolean known = generation == state.generation() && epoch == state.epoch() + (state.run() == null ? 1 : 0);
        return known ? Map.copyOf(marks) : Map.of();
    }

    /** Whether all queues have said so of the state's next run. */
    boolean stand(BotState state) {
        return epoch == state.epoch() + 1 && generation == state.generation() && unheard.isEmpty();
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
