package io.millrace.protocol.block;

import io.millrace.protocol.EventId;

/**
 * How far an append's events go back to one source queue: what a queue's high-water mark is held against.
 *
 * @param source the bare name of the queue that the parents stand in
 * @param first the least of all parents
 * @param least the least of the events' furthest parents
 * @param greatest the greatest of them
 */
public record ParentRange(String source, EventId first, EventId least, EventId greatest) {
    /** Of events that have one parent each. */
    public ParentRange(String source, EventId least, EventId greatest) {
        this(source, least, least, greatest);
    }

    /** What covers this and another range of the same source. */
    public ParentRange union(ParentRange other) {
        return new ParentRange(
                source,
                least(first, other.first),
                least(least, other.least),
                greatest.isAfter(other.greatest) ? greatest : other.greatest);
    }

    private static EventId least(EventId a, EventId b) {
        return a.isAfter(b) ? b : a;
    }
}
