package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The payloads of a fault run: {@code v} is unique over the whole run, {@code from} names the values it was made of. */
final class Values {
    private Values() {}

    static ObjectNode source(String value) {
        return Json.mapper().createObjectNode().put("v", value);
    }

    /** An event to append. */
    static ObjectNode event(ObjectNode payload) {
        ObjectNode event = Json.mapper().createObjectNode();
        event.set("payload", payload);
        return event;
    }

    /** What a copying bot makes of a value: the same each time, and another one in each queue. */
    static ObjectNode copied(String to, String value) {
        ObjectNode payload = source(to + "<" + value);
        payload.putArray("from").add(value);
        return payload;
    }

    /** What a reducing bot makes of a batch. */
    static ObjectNode reduced(String to, List<String> values) {
        ObjectNode payload = source(to + "<" + values.get(0) + "+" + (values.size() - 1));
        ArrayNode from = payload.putArray("from");
        values.forEach(from::add);
        return payload;
    }

    static String of(Event event) {
        return of(event.payload().tree());
    }

    static String of(JsonNode payload) {
        return payload.path("v").asText();
    }

    static List<String> seen(List<Event> events) {
        return events.stream().map(Values::of).toList();
    }

    /** The events of an NDJSON page. */
    static List<JsonNode> page(String body) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : body.split("\n")) {
            if (!line.isBlank()) {
                events.add(parse(line));
            }
        }
        return events;
    }

    static List<Seen> seenIn(List<JsonNode> page) {
        return page.stream()
                .map(event -> new Seen(EventId.parse(event.get("eid").asText()), of(event.get("payload"))))
                .toList();
    }

    private static JsonNode parse(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException broken) {
            throw new IllegalStateException("no JSON: " + text, broken);
        }
    }
}
