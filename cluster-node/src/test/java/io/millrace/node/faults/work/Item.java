package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.faults.history.Named;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;

/**
 * An event as the harness knows it.
 *
 * @param name what histories call it: its value, but for dead letters and what is redriven ({@link Named})
 * @param value its payload's {@code v}
 * @param mended whether somebody has edited it so that it can be handled
 */
record Item(EventId eid, String name, String value, boolean mended) {
    private static final String POISON = "poison ";

    static Item of(Event event) {
        Correlation correlation = event.correlation();
        return of(event.queue(), event.eid(), event.payload().tree(), correlation == null ? "" : correlation.start());
    }

    /** From the JSON of an event. */
    static Item of(String queue, JsonNode event) {
        return of(
                queue,
                EventId.parse(event.get("eid").asText()),
                event.get("payload"),
                event.path("correlation_id").path("start").asText());
    }

    private static Item of(String queue, EventId eid, JsonNode payload, String parent) {
        String value = Values.of(payload);
        boolean mended = payload.path("mended").asBoolean();
        if (queue.endsWith(".dead")) {
            boolean saysSo = payload.path("error").asText().contains(POISON);
            value = Values.of(payload.path("payload"));
            String word = saysSo ? Named.DEAD : Named.LOST;
            return new Item(eid, Named.of(value, word, payload.path("eid").asText()), value, false);
        } else if (queue.endsWith(".redrive")) {
            String word = mended ? Named.MENDED : Named.AGAIN;
            return new Item(eid, Named.of(value, word, parent), value, mended);
        }
        JsonNode window = payload.at("/result/from");
        String name = window.isArray() && !window.isEmpty()
                ? Values.reduced(queue, window.get(0).asText(), window.size())
                : value;
        return new Item(eid, name, name, mended);
    }

    /** What a handler says that can't handle it. */
    String complaint() {
        return POISON + value;
    }

    Seen seen() {
        return new Seen(eid, name);
    }
}
