package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import java.util.List;

/** A handler that takes one event at a time. */
public interface EventHandler extends BotHandler {
    /**
     * Handles one event.
     *
     * @param out takes what is emitted; it names this event as the one parent
     * @throws RejectedEventException to have the event disposed of at once
     * @throws Exception to have it tried again
     */
    void handle(Event event, Emitter out) throws Exception;

    @Override
    default void handle(List<Event> events, Emitter out) throws Exception {
        for (Event event : events) {
            try {
                handle(event, out.from(event));
            } catch (RejectedEventException e) {
                throw e.eid() == null ? new RejectedEventException(event, e) : e;
            }
        }
    }
}
