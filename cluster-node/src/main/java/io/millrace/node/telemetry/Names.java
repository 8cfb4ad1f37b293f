package io.millrace.node.telemetry;

import java.util.HashMap;
import java.util.Map;

/**
 * Which values of a label a node tells of: at most so many at a time, first come first served. Who comes later shares {@link
 * #OTHER}, and who has left makes room: a name at rest costs nothing. Thread-safe.
 */
public final class Names {
    /** Stands for all names that found no room. No queue or bot is named so. */
    public static final String OTHER = "_other";

    private final int max;
    private final Map<String, Integer> holders = new HashMap<>();

    /** @param max names at a time */
    public Names(int max) {
        this.max = max;
    }

    /** {@return the name, or {@link #OTHER}}; to be given back to {@link #leave}. */
    public synchronized String take(String name) {
        if (!holders.containsKey(name) && holders.size() >= max) {
            return OTHER;
        }
        holders.merge(name, 1, Integer::sum);
        return name;
    }

    /**
     * Gives back what {@link #take} gave.
     *
     * @return whether nobody holds it any more, so that its meters are to go; never for {@link #OTHER}
     */
    public synchronized boolean leave(String taken) {
        return holders.containsKey(taken)
                && holders.computeIfPresent(taken, (name, held) -> held > 1 ? held - 1 : null) == null;
    }
}
