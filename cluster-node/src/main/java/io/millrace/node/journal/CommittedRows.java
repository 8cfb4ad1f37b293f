package io.millrace.node.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/** Picks the committed records out of the rows: at each place the one with the highest epoch, and no place left out. */
final class CommittedRows<T> {
    private final Select<T> select;
    private final ToLongFunction<T> place;
    private final ToLongFunction<T> weight;
    private final LogTables tables;
    private final JournalMetrics metrics;

    CommittedRows(
            Select<T> select,
            ToLongFunction<T> place,
            ToLongFunction<T> weight,
            LogTables tables,
            JournalMetrics metrics) {
        this.select = select;
        this.place = place;
        this.weight = weight;
        this.tables = tables;
        this.metrics = metrics;
    }

    /**
     * Reads at most {@code rows} rows of one bucket; {@code to} must be committed.
     *
     * @return the records from {@code from} on, without a gap, at least one
     */
    CompletionStage<List<T>> page(String log, long from, long to, int rows) {
        long started = System.nanoTime();
        long bucket = Buckets.of(from);
        return select.run(log, bucket, from, Math.min(to, Buckets.lastSeq(bucket)), rows)
                .thenCompose(found -> {
                    var records = committed(from, found);
                    if (records.isEmpty()) {
                        return missing(log, from);
                    }
                    long bytes = records.stream().mapToLong(weight).sum();
                    metrics.read(records.size(), bytes, System.nanoTime() - started);
                    return CompletableFuture.completedStage(records);
                });
    }

    private List<T> committed(long from, List<T> rows) {
        var records = new ArrayList<T>();
        long expected = from;
        for (T row : rows) {
            long seq = place.applyAsLong(row);
            if (seq > expected) {
                break;
            }
            // Rows come with the highest epoch first: the others at this place are what zombies left.
            if (seq == expected) {
                records.add(row);
                expected++;
            }
        }
        return records;
    }

    private CompletionStage<List<T>> missing(String log, long seq) {
        return tables.selectTail(log).thenCompose(tail -> CompletableFuture.failedStage(whyMissing(log, seq, tail)));
    }

    private static JournalException whyMissing(String log, long seq, Optional<LogTail> found) {
        if (found.isEmpty()) {
            return new CorruptLogException("log " + log + " doesn't exist, yet its record " + seq + " was asked for");
        }
        LogTail tail = found.get();
        if (seq <= tail.floor()) {
            return new TruncatedLogException(log, seq, tail.first());
        }
        if (seq > tail.tail()) {
            return new CorruptLogException(
                    "log " + log + " ends at " + tail.tail() + ", yet its record " + seq + " was asked for");
        }
        return new CorruptLogException("log " + log + " has lost its committed record " + seq);
    }

    /** A statement that reads rows of one bucket, the highest epoch of each place first. */
    interface Select<T> {
        CompletionStage<List<T>> run(String log, long bucket, long from, long to, int rows);
    }
}
