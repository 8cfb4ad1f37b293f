package io.millrace.node.handlers;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.json.Json;
import java.util.List;

/** A JSON Pointer (RFC 6901) into an event as it is read, such as {@code /payload/customer} or {@code /eid}. */
final class EventPointer {
    private static final int MAX_LENGTH = 500;
    private static final String PAYLOAD = "payload";
    private static final String CORRELATION = "correlation_id";
    private static final List<String> FIELDS =
            List.of(PAYLOAD, "id", "event", "eid", "timestamp", "event_source_timestamp", CORRELATION);

    private final String field;
    private final JsonPointer within;

    private EventPointer(String field, JsonPointer within) {
        this.field = field;
        this.within = within;
    }

    /** @throws IllegalArgumentException if it isn't a pointer into an event */
    static EventPointer of(String text) {
        if (text.startsWith("/") && text.length() <= MAX_LENGTH) {
            JsonPointer pointer = JsonPointer.compile(text);
            String field = pointer.getMatchingProperty();
            if (FIELDS.contains(field)) {
                return new EventPointer(field, pointer.tail());
            }
        }
        throw new IllegalArgumentException(
                "must be a JSON Pointer into an event, such as /payload/customer; an event has "
                        + String.join(", ", FIELDS));
    }

    /**
     * What it points to; missing where there is no such thing.
     *
     * @param payload the event's, parsed
     */
    JsonNode in(Event event, JsonNode payload) {
        return switch (field) {
            case PAYLOAD -> payload.at(within);
            case CORRELATION -> Json.mapper().valueToTree(event.correlation()).at(within);
            default -> within.matches() ? plain(event) : MissingNode.getInstance();
        };
    }

    private JsonNode plain(Event event) {
        String bot = event.bot();
        return switch (field) {
            case "id" -> bot == null ? MissingNode.getInstance() : TextNode.valueOf(bot);
            case "event" -> TextNode.valueOf(event.queue());
            case "eid" -> TextNode.valueOf(event.eid().toString());
            case "timestamp" -> Json.mapper().getNodeFactory().numberNode(event.timestamp());
            default -> Json.mapper().getNodeFactory().numberNode(event.sourceTimestamp());
        };
    }
}
