package io.millrace.protocol.event;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Trace;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes events as users read them, one JSON object each, without parsing payloads. Not thread-safe. */
public final class EventOutput {
    private byte[] buffer;
    private int length;

    /** @param expectedBytes how much to make room for at first; it grows with what is written */
    public EventOutput(int expectedBytes) {
        buffer = new byte[Math.max(64, expectedBytes)];
    }

    public int length() {
        return length;
    }

    /** Adds raw text, such as a separator. */
    public EventOutput text(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds an event as a JSON object without a line end. */
    public EventOutput event(Event event) {
        put("{");
        String bot = event.bot();
        if (bot != null) {
            put("\"id\":\"").put(bot).put("\",");
        }
        put("\"event\":\"").put(event.queue()).put("\",\"eid\":\"");
        ensure(EventId.LENGTH);
        event.eid().writeTo(buffer, length);
        length += EventId.LENGTH;
        put("\",\"timestamp\":").put(Long.toString(event.timestamp()));
        put(",\"event_source_timestamp\":").put(Long.toString(event.sourceTimestamp()));
        Correlation correlation = event.correlation();
        if (correlation != null) {
            put(",\"correlation_id\":").put(Json.bytes(correlation));
        }
        Trace trace = event.trace();
        if (trace != null) {
            put(",\"trace\":").put(Json.bytes(trace));
        }
        put(",\"payload\":");
        Payload payload = event.payload();
        ensure(payload.length());
        payload.copyTo(buffer, length);
        length += payload.length();
        return put("}");
    }

    /** What was written; empties the output. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(buffer, length);
        length = 0;
        return taken;
    }

    private EventOutput put(String ascii) {
        ensure(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            buffer[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    private EventOutput put(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void ensure(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
    }
}
