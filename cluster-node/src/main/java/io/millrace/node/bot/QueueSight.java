package io.millrace.node.bot;

import io.millrace.protocol.http.QueueInfo;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a trigger queue.
 *
 * @param info null if there is none, or it gave no answer
 * @param events that wait for the bot there; null if the queue gave no answer
 */
record QueueSight(@Nullable QueueInfo info, @Nullable Long events) {
    boolean isPaused() {
        return info != null && info.paused();
    }

    boolean hasEvents() {
        return events != null && events > 0;
    }
}
