package io.millrace.node.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.node.application.RunRef;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.handler.RunInfo;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** Events of the queue {@code orders} and the run that reads them. */
final class Events {
    static final long NOW = 1_700_000_000_000L;
    static final RunRef RUN = new RunRef(new BotId("price"), "run-1", 3, 1, Instant.ofEpochMilli(NOW + 900_000));
    static final RunInfo INFO = new RunInfo(
            "price",
            "run-1",
            3,
            Instant.ofEpochMilli(NOW + 720_000),
            RUN.deadline(),
            JsonNodeFactory.instance.objectNode(),
            RunReason.EVENTS,
            null,
            null);

    private Events() {}

    static EventId id(long n) {
        return new EventId(NOW, 0).plus(n);
    }

    /** The n-th event: its source is n ms older than {@link #NOW}. */
    static Event event(long n) {
        return event(n, "{\"n\":" + n + "}");
    }

    static Event event(long n, String payload) {
        return new Event(null, "orders", id(n), NOW, NOW - n, null, Payload.ofJson(payload));
    }

    static List<Event> events(long from, long to) {
        return LongStream.range(from, to).mapToObj(Events::event).toList();
    }
}
