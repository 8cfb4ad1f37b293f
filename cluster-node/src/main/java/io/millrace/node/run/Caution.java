package io.millrace.node.run;

import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import java.util.Map;

/**
 * What a run has to look out for.
 *
 * @param suspects by queue, the event that has failed before: it is tried alone, after asking
 * @param careful whether any event may be one that takes the process with it: each is tried alone, after saying so
 */
public record Caution(Map<String, EventId> suspects, boolean careful) {
    /** Nothing has failed. */
    public static final Caution NONE = new Caution(Map.of(), false);

    /** Whether an attempt at this event is written down: then it is to be written down soon that it went well. */
    boolean concerns(QueueName queue, EventId eid) {
        return careful || eid.equals(suspects.get(queue.value()));
    }
}
