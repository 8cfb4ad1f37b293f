package io.millrace.load.handler;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;

/** Writes each event as it is into the queue that its setting {@code to} names. */
public final class Forward implements EventHandler {
    /** For ServiceLoader. */
    public Forward() {}

    @Override
    public void handle(Event event, Emitter out) {
        out.emit(out.run().settings().get("to").textValue(), event.payload());
    }
}
