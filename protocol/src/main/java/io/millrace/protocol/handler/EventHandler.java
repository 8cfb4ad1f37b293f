package io.millrace.protocol.handler;

import io.millrace.protocol.Event;
import java.util.List;

/** A handler that takes one event at a time. */
public interface EventHandler extends BotHandler {
    /**
     * Handles one event.
     *
     * @param out takes what is emitted; it names this event as the one parent
     * @throws Exception to end the run in error
     */
    void handle(Event event, Emitter out) throws Exception;

    @Override
    default void handle(List<Event> events, Emitter out) throws Exception {
        for (Event event : events) {
            handle(event, out.from(event));
        }
    }
}
