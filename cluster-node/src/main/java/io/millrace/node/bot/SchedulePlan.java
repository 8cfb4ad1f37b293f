package io.millrace.node.bot;

import io.millrace.node.journal.ScheduledBot;
import java.util.concurrent.CompletionStage;

/** Where it is kept which bots are to be woken when: durable, so that a bot at rest is found by whoever watches the time. */
public interface SchedulePlan {
    /** Enters or replaces a bot's schedule; done when it is durable. */
    CompletionStage<?> put(ScheduledBot scheduled);

    /** Takes a bot out, if it is there; done when that is durable. */
    CompletionStage<?> remove(String bot);
}
