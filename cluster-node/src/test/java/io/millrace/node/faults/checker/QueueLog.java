package io.millrace.node.faults.checker;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;

/** A queue as the first full read after the faults gave it: what all else is held against. */
final class QueueLog {
    private final String name;
    private final LongList millis = new LongList();
    private final IntList positions = new IntList();
    private final LongList values = new LongList();
    private final IntList pageEnds = new IntList();
    private final LongList pagePlaces = new LongList();
    private final Outputs outputs = new Outputs();
    private boolean complete;

    QueueLog(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(EventId eid, long value) {
        millis.add(eid.millis());
        positions.add(eid.position());
        values.add(value);
    }

    /** All that was added since the last page came from this line. */
    void endPage(long place) {
        pageEnds.add(size());
        pagePlaces.add(place);
    }

    void complete() {
        complete = true;
    }

    /** Whether the read got to the tail; a part of a queue proves nothing. */
    boolean isComplete() {
        return complete;
    }

    int size() {
        return values.size();
    }

    EventId eid(int index) {
        return new EventId(millis.get(index), positions.get(index));
    }

    long value(int index) {
        return values.get(index);
    }

    Outputs outputs() {
        return outputs;
    }

    /** The line that tells of an event. */
    long place(int index) {
        int low = 0;
        int high = pageEnds.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pageEnds.get(middle) > index) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return pagePlaces.get(low);
    }

    /** Where an event stands; -1 if it isn't there. */
    int indexOf(EventId eid) {
        int index = rank(eid) - 1;
        return index >= 0 && compare(index, eid) == 0 ? index : -1;
    }

    /** How many events lie at or before a position; "" is the beginning. */
    int rank(String position) {
        if (position.isEmpty()) {
            return 0;
        }
        EventId first = Position.parse(position).firstAfter();
        return rank(first) - (indexOf(first) >= 0 ? 1 : 0);
    }

    private int rank(EventId eid) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(middle, eid) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int compare(int index, EventId eid) {
        int byMillis = Long.compare(millis.get(index), eid.millis());
        return byMillis != 0 ? byMillis : Integer.compare(positions.get(index), eid.position());
    }

    /** From values to places; large, to be dropped soon. */
    LongIntMap byValue() {
        LongIntMap map = new LongIntMap();
        for (int i = 0; i < size(); i++) {
            map.putIfAbsent(value(i), i);
        }
        return map;
    }
}
