package io.millrace.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads events as users see them, one JSON object per line. */
final class EventLines {
    private EventLines() {}

    static List<Event> read(byte[] body) {
        List<Event> events = new ArrayList<>();
        for (int start = 0, end; start < body.length; start = end + 1) {
            end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (end > start) {
                events.add(event(body, start, end - start));
            }
        }
        return events;
    }

    private static Event event(byte[] body, int offset, int length) {
        try (JsonParser parser = Json.mapper().createParser(body, offset, length)) {
            String bot = null;
            String queue = "";
            EventId eid = EventId.MIN;
            long timestamp = 0;
            long source = 0;
            Correlation correlation = null;
            Payload payload = Payload.ofJson("null");
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (field) {
                    case "id" -> bot = text(parser, token);
                    case "event" -> queue = parser.getText();
                    case "eid" -> eid = EventId.parse(parser.getText());
                    case "timestamp" -> timestamp = parser.getLongValue();
                    case "event_source_timestamp" -> source = parser.getLongValue();
                    case "correlation_id" -> correlation = parser.readValueAs(Correlation.class);
                    case "payload" -> payload = slice(parser, body, offset);
                    default -> parser.<JsonNode>readValueAsTree();
                }
            }
            return new Event(bot, queue, eid, timestamp, source, correlation, payload);
        } catch (IOException | IllegalArgumentException e) {
            throw new UnavailableException("the node's answer is not a line of events", null, e);
        }
    }

    private static @Nullable String text(JsonParser parser, JsonToken token) throws IOException {
        return token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    private static Payload slice(JsonParser parser, byte[] body, int offset) throws IOException {
        int start = offset + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = offset + (int) parser.currentLocation().getByteOffset();
        return Payload.ofJson(body, start, end - start);
    }
}
