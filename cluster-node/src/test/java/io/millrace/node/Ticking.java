package io.millrace.node;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Emits for each call why the run began, its slot, and what it was given; into the queue {@code to} of its settings. */
public final class Ticking implements BotHandler {
    @Override
    public void handle(List<Event> events, Emitter out) {
        Map<String, Object> payload = new HashMap<>();
        payload.put("because", out.run().because().name());
        payload.put("epoch", out.run().epoch());
        payload.put("events", events.size());
        if (out.run().slot() != null) {
            payload.put("slot", out.run().slot().toString());
        }
        out.emit(out.run().settings().get("to").asText(), payload);
    }
}
