package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler for an event that can never be handled: it is disposed of at once, without further attempts, as the
 * registration's {@code onPoison} says. The other events of the batch come again without it.
 */
public class RejectedEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable EventId eid;

    /**
     * Rejects the event at hand; in a handler of batches the bus has to find out which one that is.
     *
     * @param why at most 2000 characters are kept
     */
    public RejectedEventException(String why) {
        super(why);
        eid = null;
    }

    /** Rejects one event of the batch. */
    public RejectedEventException(Event event, String why) {
        super(why);
        eid = event.eid();
    }

    RejectedEventException(Event event, RejectedEventException cause) {
        super(cause.getMessage(), cause);
        eid = event.eid();
    }

    /** The event that is rejected, null if the handler didn't say. */
    public @Nullable EventId eid() {
        return eid;
    }
}
