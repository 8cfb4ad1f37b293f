package io.millrace.load.simulation;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What was asked and what came of it, beside Gatling's own statistics: those can't tell a refusal from an acceptance, nor
 * what has to be in the queues at the end.
 */
final class Ledger {
    /** No answer came. */
    static final int NO_ANSWER = 0;

    private static final int ACCEPTED = 200;
    private static final int REFUSED = 429;
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST_MILLIS = 3_600_000;

    /** What came of the requests of one name; latencies of those that were accepted. */
    static final class Row {
        final LongAdder refused = new LongAdder();
        final LongAdder failed = new LongAdder();
        final LongAdder events = new LongAdder();
        private final Histogram millis = new ConcurrentHistogram(LONGEST_MILLIS, 3);

        long accepted() {
            return millis.getTotalCount();
        }

        long sent() {
            return accepted() + refused.sum() + failed.sum();
        }

        /** Milliseconds of the accepted ones. */
        long percentile(double percentile) {
            return millis.getValueAtPercentile(percentile);
        }

        private void record(long value) {
            millis.recordValue(Math.max(0, Math.min(value, LONGEST_MILLIS)));
        }
    }

    /** What was written to one queue: for sure, and perhaps because nobody knows what came of it. */
    static final class Written {
        final LongAdder surely = new LongAdder();
        final LongAdder perhaps = new LongAdder();

        @Override
        public String toString() {
            return surely + " acknowledged and " + perhaps + " with an unknown outcome";
        }
    }

    /** What happened within one second of the run. */
    static final class Second {
        final LongAdder requests = new LongAdder();
        final LongAdder acceptedEvents = new LongAdder();
        final LongAdder refused = new LongAdder();
    }

    private final Map<String, Row> requests = new ConcurrentSkipListMap<>();
    private final Map<String, Row> fresh = new ConcurrentSkipListMap<>();
    private final Map<String, Written> queues = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Second> seconds = new ConcurrentSkipListMap<>();
    private volatile long start = System.nanoTime();

    /** The load begins now. */
    void begin() {
        start = System.nanoTime();
    }

    /** An append of so many events was answered with this status after so many milliseconds. */
    void append(String name, String queue, int events, int status, long millis) {
        Second second = seconds.computeIfAbsent(elapsedSeconds(), any -> new Second());
        second.requests.increment();
        Written written = queues.computeIfAbsent(queue, any -> new Written());
        answer(name, events, status, millis);
        if (status == ACCEPTED) {
            written.surely.add(events);
            second.acceptedEvents.add(events);
        } else if (status == REFUSED) {
            second.refused.increment();
        } else if (status == NO_ANSWER || status >= SERVER_ERROR) {
            written.perhaps.add(events);
        }
    }

    /** Any request was answered so; with the events that it moved. */
    void answer(String name, int events, int status, long millis) {
        Row row = row(name);
        if (status == ACCEPTED) {
            row.record(millis);
            row.events.add(events);
        } else if (status == REFUSED) {
            row.refused.increment();
        } else {
            row.failed.increment();
        }
    }

    /** A reader had an event so many milliseconds after it was sent. */
    void delivered(String name, long millis) {
        Row row = fresh.computeIfAbsent(name, any -> new Row());
        row.record(millis);
        row.events.increment();
    }

    /** What came of the requests of this name. */
    Row row(String name) {
        return requests.computeIfAbsent(name, any -> new Row());
    }

    /** How fresh events were when the readers of this name had them. */
    Row freshness(String name) {
        return fresh.computeIfAbsent(name, any -> new Row());
    }

    Map<String, Row> requests() {
        return requests;
    }

    Map<String, Row> freshness() {
        return fresh;
    }

    /** The queues that were written to. */
    Map<String, Written> queues() {
        return queues;
    }

    /** Whole seconds since the load began. */
    long elapsedSeconds() {
        return (System.nanoTime() - start) / 1_000_000_000L;
    }

    /** The first second in which an append was refused, with what was asked and accepted in it. */
    Optional<Map.Entry<Long, Second>> firstRefusal() {
        return seconds.entrySet().stream()
                .filter(second -> second.getValue().refused.sum() > 0)
                .findFirst();
    }

    /** The most events that were accepted within one second. */
    long mostAcceptedInASecond() {
        return seconds.values().stream()
                .mapToLong(second -> second.acceptedEvents.sum())
                .max()
                .orElse(0);
    }

    /** Events that were acknowledged, in all queues. */
    long acknowledged() {
        return queues.values().stream().mapToLong(queue -> queue.surely.sum()).sum();
    }

    /** Whether as many events are there as were acknowledged, and no more than were sent. */
    boolean agrees(String queue, long there) {
        Written written = queues.getOrDefault(queue, new Written());
        long surely = written.surely.sum();
        return surely <= there && there <= surely + written.perhaps.sum();
    }

    /** Refused of all requests of all names that begin so, 0 to 100. */
    double refusedPercent(String prefix) {
        long sent = 0;
        long refused = 0;
        for (Map.Entry<String, Row> row : requests.entrySet()) {
            if (row.getKey().startsWith(prefix)) {
                sent += row.getValue().sent();
                refused += row.getValue().refused.sum();
            }
        }
        return sent == 0 ? 0 : 100.0 * refused / sent;
    }
}
