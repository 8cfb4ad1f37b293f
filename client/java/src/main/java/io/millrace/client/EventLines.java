package io.millrace.client;

import io.millrace.client.internal.Wire;
import io.millrace.protocol.Event;
import java.util.ArrayList;
import java.util.List;

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
        try {
            return Wire.read(body, offset, length, Event.class);
        } catch (IllegalArgumentException e) {
            throw new UnavailableException("the node's answer is not a line of events", null, e);
        }
    }
}
