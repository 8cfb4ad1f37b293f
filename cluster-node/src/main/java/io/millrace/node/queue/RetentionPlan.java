package io.millrace.node.queue;

import java.util.concurrent.CompletionStage;

/** When which queue is to be looked at, so that who watches the time wakes no other. */
@FunctionalInterface
public interface RetentionPlan {
    /**
     * Enters a queue, or replaces what it has entered.
     *
     * @param due ms since the epoch
     */
    CompletionStage<?> put(String queue, long due);
}
