package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Outcome;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients appended without a run: a request and its retries are one append, known by its first value. It begins
 * with its first attempt and is acknowledged by the first ok answer.
 */
final class Appends {
    /** Two ok answers of one append that differ. */
    record Conflict(int append, long place) {}

    private static final long NEVER = Long.MAX_VALUE;

    private final Values codes;
    private final Names names = new Names();
    private final LongIntMap byValue = new LongIntMap();
    private final LongList values = new LongList();
    private final IntList queues = new IntList();
    private final IntList producers = new IntList();
    private final LongList sequences = new LongList();
    private final LongList froms = new LongList();
    private final LongList acks = new LongList();
    private final LongList firstMillis = new LongList();
    private final IntList firstPositions = new IntList();
    private final IntList valueEnds = new IntList();
    private final IntList doubts = new IntList();
    private final LongList places = new LongList();
    private final LongList ackPlaces = new LongList();
    private final List<Conflict> conflicts = new ArrayList<>();

    Appends(Values codes) {
        this.codes = codes;
        names.number("");
    }

    void add(Append attempt, long place) {
        int known = byValue.get(codes.code(attempt.values().get(0)));
        int append = known >= 0 ? known : begin(attempt, place);
        if (!text(queues, append).equals(attempt.queue()) || sequences.get(append) != attempt.sequence()) {
            throw new IllegalStateException("the value " + attempt.values().get(0) + " was appended twice");
        }
        froms.set(append, Math.min(froms.get(append), attempt.call().from()));
        if (attempt.call().outcome() == Outcome.OK) {
            acknowledge(append, attempt, place);
        } else if (attempt.call().outcome() == Outcome.UNKNOWN) {
            doubts.set(append, 1);
        }
    }

    private int begin(Append attempt, long place) {
        int append = size();
        for (String value : attempt.values()) {
            long code = codes.code(value);
            if (byValue.putIfAbsent(code, append) >= 0) {
                throw new IllegalStateException("the value " + value + " was appended twice");
            }
            values.add(code);
        }
        valueEnds.add(values.size());
        queues.add(names.number(attempt.queue()));
        producers.add(attempt.producer() == null ? 0 : names.number(attempt.producer()));
        sequences.add(attempt.sequence());
        froms.add(attempt.call().from());
        acks.add(NEVER);
        firstMillis.add(0);
        firstPositions.add(0);
        doubts.add(0);
        places.add(place);
        ackPlaces.add(place);
        return append;
    }

    private void acknowledge(int append, Append attempt, long place) {
        EventId first = attempt.first() == null ? EventId.MIN : attempt.first();
        boolean known = isAcknowledged(append);
        if (known && !first.equals(first(append))) {
            conflicts.add(new Conflict(append, place));
        }
        if (!known || attempt.call().to() < acks.get(append)) {
            acks.set(append, attempt.call().to());
            ackPlaces.set(append, place);
            firstMillis.set(append, first.millis());
            firstPositions.set(append, first.position());
        }
    }

    int size() {
        return queues.size();
    }

    /** The append of a value, or -1. */
    int of(long value) {
        return byValue.get(value);
    }

    int totalValues() {
        return values.size();
    }

    int valuesFrom(int append) {
        return append == 0 ? 0 : valueEnds.get(append - 1);
    }

    int valuesTo(int append) {
        return valueEnds.get(append);
    }

    int count(int append) {
        return valuesTo(append) - valuesFrom(append);
    }

    long value(int at) {
        return values.get(at);
    }

    String queue(int append) {
        return text(queues, append);
    }

    int queueNumber(int append) {
        return queues.get(append);
    }

    /** Empty without one. */
    String producer(int append) {
        return text(producers, append);
    }

    int producerNumber(int append) {
        return producers.get(append);
    }

    long sequence(int append) {
        return sequences.get(append);
    }

    long from(int append) {
        return froms.get(append);
    }

    boolean isAcknowledged(int append) {
        return acks.get(append) != NEVER;
    }

    long acknowledgedAt(int append) {
        return acks.get(append);
    }

    /** No attempt was ok or unknown. */
    boolean isRefused(int append) {
        return !isAcknowledged(append) && doubts.get(append) == 0;
    }

    /** The first answer's first id. */
    EventId first(int append) {
        return new EventId(firstMillis.get(append), firstPositions.get(append));
    }

    /** The line of the first attempt. */
    long place(int append) {
        return places.get(append);
    }

    /** The line of the acknowledgement. */
    long ackPlace(int append) {
        return ackPlaces.get(append);
    }

    List<Conflict> conflicts() {
        return conflicts;
    }

    private String text(IntList numbers, int append) {
        return names.text(numbers.get(append));
    }
}
