package io.millrace.node.faults.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The payloads of a fault run: {@code v} is unique over the whole run, {@code k} is what lanes are divided by, {@code from}
 * names the values it was made of.
 */
final class Values {
    private Values() {}

    static ObjectNode source(String value) {
        return Json.mapper().createObjectNode().put("v", value).put("k", Lots.key(value));
    }

    /** An event to append. */
    static ObjectNode event(ObjectNode payload) {
        ObjectNode event = Json.mapper().createObjectNode();
        event.set("payload", payload);
        return event;
    }

    /** What a bot makes of one event: the same each time, and another value in each queue. */
    static ObjectNode made(String value, String parent) {
        ObjectNode payload = source(value);
        payload.putArray("from").add(parent);
        return payload;
    }

    /** What a reducing bot makes of a batch. */
    static ObjectNode reduced(String to, List<String> values) {
        ObjectNode payload = source(reduced(to, values.get(0), values.size()));
        ArrayNode from = payload.putArray("from");
        values.forEach(from::add);
        return payload;
    }

    static String reduced(String to, String first, int count) {
        return to + "<" + first + "+" + (count - 1);
    }

    /** The values that an output was made of. */
    static List<String> parents(JsonNode payload) {
        List<String> parents = new ArrayList<>();
        payload.path("from").forEach(value -> parents.add(value.asText()));
        payload.at("/result/from").forEach(value -> parents.add(value.asText()));
        return parents;
    }

    static String of(JsonNode payload) {
        return payload.path("v").asText();
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

    static List<Item> items(String queue, List<JsonNode> page) {
        return page.stream().map(event -> Item.of(queue, event)).toList();
    }

    static List<Seen> seen(List<Item> items) {
        return items.stream().map(Item::seen).toList();
    }

    private static JsonNode parse(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException broken) {
            throw new IllegalStateException("no JSON: " + text, broken);
        }
    }
}
