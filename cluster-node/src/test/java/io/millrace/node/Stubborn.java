package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Copies what it reads into the queue of setting {@code to}, but for payloads whose {@code n} fails. Found by its name. */
public final class Stubborn implements BotHandler {
    static final Set<Integer> FAILING = ConcurrentHashMap.newKeySet();

    @Override
    public void handle(List<Event> events, Emitter out) {
        for (Event event : events) {
            JsonNode payload = event.payload().tree();
            if (FAILING.contains(payload.path("n").asInt())) {
                throw new IllegalStateException("can't " + payload.path("n"));
            }
            out.from(event).emit(out.run().settings().get("to").asText(), event.payload());
        }
    }
}
