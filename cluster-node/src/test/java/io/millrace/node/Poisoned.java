package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.RejectedEventException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Copies numbers into the queue of setting {@code to}, but for some: {@code fails} throws, {@code rejects} rejects, {@code
 * halts} ends the whole process, {@code tens} throws for 10, 20 and so on. Found by its name.
 */
public final class Poisoned implements BotHandler {
    static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();

    /** Whether what fails succeeds by now. */
    static final AtomicBoolean HEALED = new AtomicBoolean();

    @Override
    public void handle(List<Event> events, Emitter out) {
        CALLS.computeIfAbsent(out.run().bot(), bot -> new AtomicInteger()).incrementAndGet();
        JsonNode settings = out.run().settings();
        for (Event event : events) {
            int number = event.payload().tree().asInt();
            if (number == settings.path("halts").asInt(-1)) {
                Runtime.getRuntime().halt(9);
            } else if (number == settings.path("rejects").asInt(-1)) {
                throw new RejectedEventException(event, "no customer " + number);
            } else if (!HEALED.get()
                    && (number == settings.path("fails").asInt(-1)
                            || (settings.path("tens").asBoolean() && number > 0 && number % 10 == 0)
                            || settings.path("all").asBoolean())) {
                throw new IllegalStateException("can't\r\n" + number);
            }
            out.from(event).emit(settings.get("to").asText(), event.payload());
        }
    }
}
