package io.millrace.node.queue;

import org.jspecify.annotations.Nullable;

/**
 * What a look at a queue's oldest records has shown.
 *
 * @param cut what is to go, null if nothing is
 * @param more whether there was more to look at than one step does
 * @param floor the floor after the cut, that the rest is about
 * @param keptUntil ms since the epoch of the newest event in the oldest part that stays; {@link #UNKNOWN} where that part isn't full
 * @param keptBytes stored bytes of that part
 */
record Oldest(@Nullable Cut cut, boolean more, long floor, long keptUntil, long keptBytes) {
    static final long UNKNOWN = -1;
}
