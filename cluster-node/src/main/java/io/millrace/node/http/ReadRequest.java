package io.millrace.node.http;

import io.millrace.node.filter.EventFilter;
import io.millrace.protocol.Limits;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks for.
 *
 * @param queue where to read
 * @param after exclusive; for a prefix that is before all ids that it begins
 * @param until inclusive, exact for each event: what is greater than it as a string is left out. So a full id is the last
 *     one that is given, and of a prefix none of the ids that begin with it are
 * @param limit events at most; in blocks up to the end of the one that reaches it
 * @param bytes stop after the block that passes this many stored bytes
 * @param patience how long to wait at the tail for a first event
 * @param where only events for which this expression is true
 * @param form how to write them; event streams follow for ever
 */
record ReadRequest(
        QueueName queue,
        Position after,
        @Nullable Position until,
        long limit,
        long bytes,
        Duration patience,
        @Nullable String where,
        EventForm form) {

    static final Set<String> PARAMETERS = Set.of("after", "until", "limit", "bytes", "wait", "where");

    private static final int DEFAULT_LIMIT = 1_000;
    private static final List<EventForm> FORMS =
            List.of(EventForm.NDJSON, EventForm.JSON, EventForm.EVENT_STREAM, EventForm.BLOCKS);

    /** @throws Refusal if a parameter is malformed, out of its range, or doesn't go with the form */
    static ReadRequest of(Exchange exchange, Duration longestWait) {
        Query query = exchange.query();
        EventForm form = Accept.choose(exchange.header("Accept"), FORMS, EventForm::mediaType);
        boolean follow = form == EventForm.EVENT_STREAM;
        String where = query.text("where");
        if (where != null && form == EventForm.BLOCKS) {
            throw Query.malformed("where", "stored blocks are given as they are; accept another media type to filter");
        }
        if (where != null && (where.isBlank() || where.length() > EventFilter.MAX_LENGTH)) {
            throw Query.malformed("where", "must have 1 to " + EventFilter.MAX_LENGTH + " characters");
        }
        if (follow && query.text("wait") != null) {
            throw Query.malformed("wait", "an event stream follows for ever anyway");
        }
        Position after = position("after", query.text("after"));
        Position last = follow ? position("Last-Event-ID", exchange.header("Last-Event-ID")) : null;
        return new ReadRequest(
                exchange.queue(),
                last != null ? last : after != null ? after : Position.BEGINNING,
                position("until", query.text("until")),
                query.number("limit", follow ? Long.MAX_VALUE : DEFAULT_LIMIT, 1, Limits.READ_EVENTS),
                query.number("bytes", Long.MAX_VALUE, 1, Integer.MAX_VALUE),
                Duration.ofSeconds(query.number("wait", 0, 0, longestWait.toSeconds())),
                where,
                form);
    }

    private static @Nullable Position position(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.field(
                    ProblemType.INVALID_POSITION,
                    name,
                    "must be an event id or a prefix of one (z/YYYY/MM/DD/HH/mm/...)");
        }
    }

    /** Whether it goes on at the tail. */
    boolean follows() {
        return form == EventForm.EVENT_STREAM;
    }

    /** Whether the answer is gathered before it is sent, so that its header can tell where to go on. */
    boolean gathers() {
        return form == EventForm.JSON || form == EventForm.BLOCKS || (where != null && !follows());
    }
}
