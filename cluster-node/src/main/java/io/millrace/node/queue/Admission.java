package io.millrace.node.queue;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.QueueName;
import java.util.concurrent.CompletionStage;

/**
 * Asked once for each bot and queue, before the first append of one of its runs there. A bot fences, before its next run
 * begins, the queues that it knows it may have written to (design D4): so it has to know this one before anything of its
 * stands here.
 */
@FunctionalInterface
public interface Admission {
    /** Done once the bot has written down that it writes to the queue; refused if the run is over. */
    CompletionStage<Outcome<Boolean>> admit(RunRef run, QueueName queue);
}
