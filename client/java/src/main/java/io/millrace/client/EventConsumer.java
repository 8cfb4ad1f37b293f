package io.millrace.client;

import io.millrace.protocol.Event;

/** What {@link Millrace#offload} does with an event. */
@FunctionalInterface
public interface EventConsumer {
    /**
     * Takes an event to where it should go.
     *
     * @throws Exception to end the run in error; the event comes again
     */
    void accept(Event event) throws Exception;
}
