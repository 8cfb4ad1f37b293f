package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;

/** Copies each event into the queue that its registration's settings name as {@code to}. */
public final class Copying implements EventHandler {
    @Override
    public void handle(Event event, Emitter out) {
        out.emit(out.run().settings().get("to").asText(), event.payload());
    }
}
