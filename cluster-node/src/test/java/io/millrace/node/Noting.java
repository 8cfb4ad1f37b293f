package io.millrace.node;

import io.millrace.protocol.Event;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.handler.EventHandler;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Notes which events a bot was given; whoever waits for one is told. A bot's name must be of one test only. */
public final class Noting implements EventHandler {
    private static final Map<String, Map<String, CompletableFuture<Void>>> SEEN = new ConcurrentHashMap<>();

    /** Done once the bot has been given the event. */
    static CompletableFuture<Void> seen(String bot, String eid) {
        return SEEN.computeIfAbsent(bot, name -> new ConcurrentHashMap<>())
                .computeIfAbsent(eid, id -> new CompletableFuture<>());
    }

    /** The ids of the events that the bot was given or is waited to be. */
    static Set<String> events(String bot) {
        return SEEN.computeIfAbsent(bot, name -> new ConcurrentHashMap<>()).keySet();
    }

    @Override
    public void handle(Event event, Emitter out) {
        seen(out.run().bot(), event.eid().toString()).complete(null);
    }
}
