package io.millrace.load.handler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.Payload;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;

/** What a bot commonly does: parses an event, adds a field, writes it into the queue that its setting {@code to} names. */
public final class AddField implements EventHandler {
    /** For ServiceLoader. */
    public AddField() {}

    @Override
    public void handle(Event event, Emitter out) {
        ObjectNode order = (ObjectNode) event.payload().tree();
        order.put("processed", true);
        out.emit(out.run().settings().get("to").textValue(), Payload.of(order));
    }
}
