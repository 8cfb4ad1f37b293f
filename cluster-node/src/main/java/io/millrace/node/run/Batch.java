package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.QueueName;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of one queue, in order, that the handler gets at once.
 *
 * @param takenAt ms since the epoch when they were read; without events, when there was nothing to read
 */
record Batch(QueueName queue, List<Event> events, long takenAt) {
    private static final long UNKNOWN = Long.MIN_VALUE;

    /** Nothing was read; that tells something only {@code atTail}. */
    static Batch empty(QueueName queue, boolean atTail, long askedAt) {
        return new Batch(queue, List.of(), atTail ? askedAt : UNKNOWN);
    }

    /** Neither events nor news that there are none. */
    boolean isNothing() {
        return events.isEmpty() && takenAt == UNKNOWN;
    }

    /** Its events from the one with this index on. */
    Batch from(int index) {
        return new Batch(queue, events.subList(index, events.size()), takenAt);
    }

    /** Its first events. */
    Batch upTo(int count) {
        return count == events.size() ? this : new Batch(queue, events.subList(0, count), takenAt);
    }

    boolean has(EventId eid) {
        return events.stream().anyMatch(event -> event.eid().equals(eid));
    }

    /** What stands before one of its events, that alone, and what stands behind it. */
    List<Batch> around(EventId eid) {
        int at = 0;
        while (!events.get(at).eid().equals(eid)) {
            at++;
        }
        List<Batch> parts = new ArrayList<>();
        for (Batch part : List.of(upTo(at), from(at).upTo(1), from(at + 1))) {
            if (!part.events.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    Event last() {
        return events.get(events.size() - 1);
    }

    /** Cuts it where a batch must end: behind events of these ids, be they in it or between two of its events. */
    List<Batch> cutAt(List<EventId> ends) {
        List<Batch> batches = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < events.size(); i++) {
            EventId before = events.get(i - 1).eid();
            EventId next = events.get(i).eid();
            if (ends.stream().anyMatch(end -> !before.isAfter(end) && next.isAfter(end))) {
                batches.add(new Batch(queue, events.subList(from, i), takenAt));
                from = i;
            }
        }
        batches.add(from == 0 ? this : new Batch(queue, events.subList(from, events.size()), takenAt));
        return batches;
    }

    /** Cuts it into batches of at most so many events and, but for single events, payload bytes. */
    List<Batch> cut(int count, int bytes) {
        List<Batch> batches = new ArrayList<>();
        int from = 0;
        long size = 0;
        for (int i = 0; i < events.size(); i++) {
            int length = events.get(i).payload().length();
            if (i > from && (i - from >= count || size + length > bytes)) {
                batches.add(new Batch(queue, events.subList(from, i), takenAt));
                from = i;
                size = 0;
            }
            size += length;
        }
        batches.add(new Batch(queue, events.subList(from, events.size()), takenAt));
        return batches;
    }
}
