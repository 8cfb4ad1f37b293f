package io.millrace.node.run;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.lane.Keys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to look out for.
 *
 * @param suspects by queue, the event that has failed before: it is tried alone, after asking
 * @param careful whether any event may be one that takes the process with it: each is tried alone, after saying so
 * @param keys whose events aren't to be handled, null where no key waits behind a dead letter
 */
public record Caution(
        Map<String, EventId> suspects,
        boolean careful,
        @Nullable Keys keys) {
    /** Where no key waits. */
    public Caution(Map<String, EventId> suspects, boolean careful) {
        this(suspects, careful, null);
    }

    /** Nothing has failed. */
    public static final Caution NONE = new Caution(Map.of(), false);

    /** Whether an attempt at an event from there to here is written down: then it is soon to be that it went well. */
    boolean concerns(QueueName queue, Position before, EventId eid) {
        EventId suspect = suspects.get(queue.value());
        return careful || (suspect != null && before.isBefore(suspect) && !suspect.isAfter(eid));
    }
}
