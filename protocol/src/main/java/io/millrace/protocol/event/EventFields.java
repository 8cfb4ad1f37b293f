package io.millrace.protocol.event;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.Trace;
import io.millrace.protocol.json.InvalidJsonException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The top-level fields of one object that may be an event. */
final class EventFields {
    /** Nothing long goes back to who sent it. */
    private static final int MAX_NAME = 100;

    private final int line;
    private final String queue;
    private @Nullable Payload payload;
    private @Nullable Payload correlation;
    private @Nullable Payload source;
    private @Nullable Payload trace;
    private @Nullable Payload bot;
    private @Nullable Payload event;
    private @Nullable String unknown;

    EventFields(int line, String queue) {
        this.line = line;
        this.queue = queue;
    }

    void note(String name, Payload value) {
        switch (name) {
            case "payload" -> payload = value;
            case "correlation_id" -> correlation = value;
            case "event_source_timestamp" -> source = value;
            case "trace" -> trace = value;
            case "id" -> bot = value;
            case "event" -> event = value;
            default -> unknown = unknown == null ? name : unknown;
        }
    }

    boolean isEvent() {
        return payload != null || correlation != null;
    }

    /** @throws InvalidEventsException naming the field */
    NewEvent toEvent() {
        if (unknown != null) {
            throw fault(
                    unknown.length() > MAX_NAME ? null : "/" + InvalidJsonException.escape(unknown),
                    "an event has payload, correlation_id, event_source_timestamp, trace, id and event; the queue gives eid and timestamp");
        }
        if (event != null
                && !read("/event", event, QueueName.class, QueueName::value).equals(queue)) {
            throw fault("/event", "the event names another queue than the request");
        }
        return new NewEvent(
                payload == null ? Payload.ofJson("null") : payload,
                correlation == null ? null : read("/correlation_id", correlation, Correlation.class, c -> c),
                source == null ? null : timestamp(source),
                bot == null ? null : read("/id", bot, BotId.class, BotId::value),
                trace == null ? null : read("/trace", trace, Trace.class, t -> t));
    }

    private long timestamp(Payload value) {
        long millis = read("/event_source_timestamp", value, Long.class, l -> l);
        if (millis < 1 || millis > EventId.MAX_MILLIS) {
            throw fault("/event_source_timestamp", "must be milliseconds since the epoch, 1 to 9999999999999");
        }
        return millis;
    }

    @SuppressWarnings("ConstantValue") // the JSON may be null
    private <T, R> R read(String pointer, Payload value, Class<T> type, Function<T, R> result) {
        T read = null;
        try {
            read = value.as(type);
        } catch (IllegalArgumentException e) {
            // answered below, in our words
        }
        if (read == null) {
            throw fault(pointer, "the field has the wrong type or form");
        }
        return result.apply(read);
    }

    private InvalidEventsException fault(@Nullable String pointer, String detail) {
        return InvalidEventsException.at(line, pointer, detail);
    }
}
