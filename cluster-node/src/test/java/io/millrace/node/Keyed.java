package io.millrace.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.handler.Emitter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Copies events with a {@code key} into the queue of setting {@code to}, and notes who was at work when; setting {@code slow} ms
 * for each batch. Found by its name.
 */
public final class Keyed implements BotHandler {
    /** One call: by which run, which keys, from when to when in ns. */
    record Call(String run, List<String> keys, long began, long ended) {}

    static final Map<String, ConcurrentLinkedQueue<Call>> CALLS = new ConcurrentHashMap<>();

    @Override
    public void handle(List<Event> events, Emitter out) throws InterruptedException {
        JsonNode settings = out.run().settings();
        long began = System.nanoTime();
        Thread.sleep(settings.path("slow").asLong(0));
        for (Event event : events) {
            out.from(event).emit(settings.get("to").asText(), event.payload());
        }
        List<String> keys = events.stream()
                .map(event -> event.payload().tree().path("key").asText())
                .distinct()
                .toList();
        CALLS.computeIfAbsent(out.run().bot(), bot -> new ConcurrentLinkedQueue<>())
                .add(new Call(out.run().run(), keys, began, System.nanoTime()));
    }
}
