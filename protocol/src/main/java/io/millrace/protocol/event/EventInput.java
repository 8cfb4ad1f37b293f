package io.millrace.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.json.Words;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Reads the events that users send as JSON, strictly: what can't be taken is refused with its line, never dropped.
 *
 * <p>An object with {@code payload} or {@code correlation_id} is an event; anything else is the payload of one.
 */
public final class EventInput {
    private final byte[] body;
    private final String queue;
    private final Consumer<NewEvent> sink;
    private int count;

    private EventInput(byte[] body, String queue, Consumer<NewEvent> sink) {
        this.body = body;
        this.queue = queue;
        this.sink = sink;
    }

    /**
     * One event, or an array of events.
     *
     * @param queue where they go; an event that names another is refused
     * @throws InvalidEventsException if any of it can't be taken; the sink may have seen events before the faulty one
     */
    public static void json(byte[] body, QueueName queue, Consumer<NewEvent> sink) {
        new EventInput(body, queue.value(), sink).readDocument();
    }

    /** One event per line; blank lines are passed over. Otherwise as {@link #json}. */
    public static void ndjson(byte[] body, QueueName queue, Consumer<NewEvent> sink) {
        new EventInput(body, queue.value(), sink).readLines();
    }

    private void readDocument() {
        JsonText.check(body);
        read(0, body.length, 1, parser -> {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    take(parser, 0, parser.currentTokenLocation().getLineNr());
                }
            } else if (parser.currentToken() != null) {
                take(parser, 0, 1);
            }
        });
        requireSome();
    }

    private void readLines() {
        JsonText.check(body);
        int line = 0;
        for (int start = 0, end; start < body.length; start = end + 1) {
            line++;
            end = Words.indexOf(body, start, '\n');
            if (!isBlank(start, end)) {
                int from = start;
                int number = line;
                read(from, end - from, number, parser -> {
                    parser.nextToken();
                    take(parser, from, number);
                });
            }
        }
        requireSome();
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void requireSome() {
        if (count == 0) {
            throw InvalidEventsException.at(null, null, "there is no event in the request");
        }
    }

    private interface Reading {
        void from(JsonParser parser) throws IOException;
    }

    private void read(int offset, int length, int firstLine, Reading reading) {
        try (JsonParser parser = Json.strictParser(body, offset, length)) {
            try {
                reading.from(parser);
                if (parser.nextToken() != null) {
                    throw InvalidEventsException.at(line(parser, firstLine), null, "text follows the JSON value");
                }
            } catch (StreamConstraintsException e) {
                throw InvalidEventsException.at(line(parser, firstLine), null, Json.TOO_DEEP);
            } catch (IOException e) {
                throw InvalidEventsException.at(line(parser, firstLine), null, Json.NOT_JSON);
            }
        } catch (IOException e) {
            throw new IllegalStateException("closing a parser over memory", e);
        }
    }

    private static int line(JsonParser parser, int firstLine) {
        return firstLine + Math.max(1, parser.currentLocation().getLineNr()) - 1;
    }

    private void take(JsonParser parser, int offset, int line) throws IOException {
        if (++count > Limits.REQUEST_EVENTS) {
            throw InvalidEventsException.tooLarge(
                    null, "more than " + Limits.REQUEST_EVENTS + " events in one request");
        }
        NewEvent event = parser.currentToken() == JsonToken.START_OBJECT
                ? object(parser, offset, line)
                : NewEvent.of(value(parser, offset, line));
        if (event.encodedBound() > Limits.EVENT_BYTES) {
            throw eventTooLarge(line);
        }
        sink.accept(event);
    }

    private static InvalidEventsException eventTooLarge(int line) {
        return InvalidEventsException.tooLarge(line, "the event is larger than " + Limits.EVENT_BYTES + " bytes");
    }

    private NewEvent object(JsonParser parser, int offset, int line) throws IOException {
        int start = start(parser, offset);
        EventFields fields = new EventFields(line, queue);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.note(name, value(parser, offset, line));
        }
        return fields.isEvent() ? fields.toEvent() : NewEvent.of(slice(start, end(parser, offset)));
    }

    /** The current value as it stands in the text, checked to its end. */
    private Payload value(JsonParser parser, int offset, int line) throws IOException {
        int start = start(parser, offset);
        parser.skipChildren();
        try {
            parser.finishToken();
        } catch (StreamConstraintsException e) {
            throw eventTooLarge(line); // the one token that is left to finish is a string
        }
        return slice(start, end(parser, offset));
    }

    private static int start(JsonParser parser, int offset) {
        return offset + (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser, int offset) {
        return offset + (int) parser.currentLocation().getByteOffset();
    }

    private Payload slice(int start, int parserEnd) {
        int end = parserEnd;
        while (body[end - 1] <= ' ' && body[end - 1] >= 0) {
            end--; // the parser takes a space behind a number that stands alone
        }
        for (int i = start; i < end; i++) {
            if (body[i] == '\n' || body[i] == '\r') {
                body[i] = ' '; // a line break can only be white space here; a stored event is one line
            }
        }
        return Payload.ofJson(body, start, end - start);
    }
}
