package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.FinalEvent;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;

/** Which events of a queue bots made, and of what. */
final class Outputs {
    private final Names names = new Names();
    private final IntList indexes = new IntList();
    private final IntList writers = new IntList();
    private final IntList sources = new IntList();
    private final LongList startMillis = new LongList();
    private final IntList startPositions = new IntList();
    private final LongList endMillis = new LongList();
    private final IntList endPositions = new IntList();
    private final LongList units = new LongList();
    private final IntList parentEnds = new IntList();
    private final LongList parents = new LongList();

    void add(int index, FinalEvent event, Values values) {
        indexes.add(index);
        writers.add(names.number(event.writer() == null ? "" : event.writer()));
        Correlation correlation = event.correlation();
        sources.add(names.number(correlation == null ? "" : bare(correlation.source())));
        EventId start = id(correlation == null ? null : correlation.start());
        EventId end =
                id(correlation == null ? null : correlation.end() == null ? correlation.start() : correlation.end());
        startMillis.add(start.millis());
        startPositions.add(start.position());
        endMillis.add(end.millis());
        endPositions.add(end.position());
        units.add(correlation == null ? 0 : correlation.units());
        event.parents().forEach(parent -> parents.add(values.code(parent)));
        parentEnds.add(parents.size());
    }

    private static String bare(String source) {
        return source.startsWith("queue:") ? source.substring("queue:".length()) : source;
    }

    private static EventId id(String text) {
        try {
            return text == null ? EventId.MIN : EventId.parse(text);
        } catch (IllegalArgumentException foreign) {
            return EventId.MIN;
        }
    }

    int size() {
        return indexes.size();
    }

    /** Where the output stands in its queue. */
    int index(int output) {
        return indexes.get(output);
    }

    String writer(int output) {
        return names.text(writers.get(output));
    }

    /** The queue that the correlation names; empty without one. */
    String source(int output) {
        return names.text(sources.get(output));
    }

    EventId start(int output) {
        return new EventId(startMillis.get(output), startPositions.get(output));
    }

    EventId end(int output) {
        return new EventId(endMillis.get(output), endPositions.get(output));
    }

    long units(int output) {
        return units.get(output);
    }

    int parentsFrom(int output) {
        return output == 0 ? 0 : parentEnds.get(output - 1);
    }

    int parentsTo(int output) {
        return parentEnds.get(output);
    }

    long parent(int at) {
        return parents.get(at);
    }
}
