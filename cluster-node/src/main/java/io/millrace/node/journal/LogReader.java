package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Reads the committed records of any log without asking its owner. Safe for many threads. */
public final class LogReader {
    /** Records of a bucket, which retention removes as a whole. */
    public static final int BUCKET = Buckets.SIZE;

    private static final int SIZES_PER_PAGE = 128;

    private final LogTables tables;
    private final CommittedRows<LogRecord> whole;
    private final CommittedRows<LogRecord> heads;
    private final CommittedRows<LogTables.Size> sizes;

    /** Prepares its statements, so the schema must exist. Blocks: for the start of a node. */
    public LogReader(CqlSession session, String keyspace, JournalMetrics metrics) {
        this(new CassandraTables(session, keyspace), metrics);
    }

    LogReader(LogTables tables, JournalMetrics metrics) {
        this.tables = tables;
        this.whole = new CommittedRows<>(tables::selectRows, LogRecord::seq, LogRecord::bytes, tables, metrics);
        this.heads = new CommittedRows<>(tables::selectHeads, LogRecord::seq, LogRecord::bytes, tables, metrics);
        this.sizes = new CommittedRows<>(
                tables::selectSizes, LogTables.Size::seq, LogTables.Size::bytes, tables, JournalMetrics.NONE);
    }

    /** {@return where the log stands, read at SERIAL; empty when nobody ever claimed it} */
    public CompletionStage<Optional<LogTail>> tail(String log) {
        return Failures.orAway(tables.selectTail(log));
    }

    /** {@return where the log stood lately: no promise, but it costs no round of Paxos} */
    public CompletionStage<Optional<LogTail>> lately(String log) {
        return Failures.orAway(tables.selectTailHint(log));
    }

    /** {@return the last sequence number of the bucket that a record is in} */
    public static long bucketEnd(long seq) {
        return Buckets.lastSeq(Buckets.of(seq));
    }

    /**
     * Reads records of one bucket in order and without a gap, without their bodies.
     *
     * @param toSeq must be committed
     * @param limit rows to fetch at most
     * @return at least one. {@link TruncatedLogException} when retention removed {@code fromSeq}
     */
    public CompletionStage<List<LogRecord>> heads(String log, long fromSeq, long toSeq, int limit) {
        return Failures.orAway(heads.page(log, fromSeq, toSeq, limit));
    }

    /**
     * Reads records in order and without a gap.
     *
     * @param toSeq must be committed: a tail that {@link #tail} or the owner of the log told
     * @param maxBytes stops after the record that passes it
     * @return at least one record when {@code fromSeq <= toSeq}. {@link TruncatedLogException} when retention removed
     *     {@code fromSeq}, {@link CorruptLogException} when a committed record is missing
     */
    public CompletionStage<List<LogRecord>> read(String log, long fromSeq, long toSeq, int maxBytes) {
        return Failures.orAway(new Read(log, toSeq, maxBytes).from(fromSeq));
    }

    /** {@return a reader of its own for somebody who reads on and on; it fetches ahead} */
    public LogCursor cursor(String log, long fromSeq, int maxBytes) {
        return new LogCursor(this, log, fromSeq, maxBytes);
    }

    /**
     * Searches for the first record whose head is at or past something, by halving; no body is read.
     *
     * @param toSeq must be committed
     * @param headAtOrPast must hold for all records after the first one for which it holds
     * @return its sequence number, {@code toSeq + 1} when it holds for none. What retention removed counts as before
     */
    public CompletionStage<Long> firstWhere(String log, long fromSeq, long toSeq, Predicate<ByteBuffer> headAtOrPast) {
        return Failures.orAway(search(log, fromSeq, toSeq, headAtOrPast));
    }

    private CompletionStage<Long> search(String log, long fromSeq, long toSeq, Predicate<ByteBuffer> headAtOrPast) {
        if (fromSeq > toSeq) {
            return CompletableFuture.completedStage(toSeq + 1);
        }
        long middle = fromSeq + (toSeq - fromSeq) / 2;
        return heads.page(log, middle, middle, 1)
                .thenApply(records -> headAtOrPast.test(records.get(0).head()) ? fromSeq : middle + 1)
                .exceptionally(failure -> firstKept(failure))
                .thenCompose(next -> next == fromSeq
                        ? search(log, fromSeq, middle - 1, headAtOrPast)
                        : search(log, next, toSeq, headAtOrPast));
    }

    private static long firstKept(Throwable failure) {
        if (Failures.cause(failure) instanceof TruncatedLogException truncated) {
            return truncated.first();
        }
        throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }

    // What the records weigh is asked for first, then exactly those that fit are fetched: a page is never larger than
    // was asked for, whatever a log holds.
    private final class Read {
        private final String log;
        private final long toSeq;
        private final long maxBytes;
        private final List<LogRecord> records = new ArrayList<>();
        private long bytes;

        Read(String log, long toSeq, long maxBytes) {
            this.log = log;
            this.toSeq = toSeq;
            this.maxBytes = maxBytes;
        }

        CompletionStage<List<LogRecord>> from(long fromSeq) {
            if (fromSeq > toSeq || (!records.isEmpty() && bytes >= maxBytes)) {
                return CompletableFuture.completedStage(records);
            }
            return sizes.page(log, fromSeq, toSeq, SIZES_PER_PAGE)
                    .thenCompose(page -> whole.page(log, fromSeq, fromSeq + fitting(page) - 1, Buckets.SIZE))
                    .thenCompose(page -> {
                        records.addAll(page);
                        page.forEach(one -> bytes += one.bytes());
                        return from(fromSeq + page.size());
                    })
                    .exceptionallyCompose(
                            failure -> records.isEmpty() || !(Failures.cause(failure) instanceof TruncatedLogException)
                                    ? CompletableFuture.failedStage(failure)
                                    : CompletableFuture.completedStage(records));
        }

        private int fitting(List<LogTables.Size> page) {
            int count = 0;
            for (long sum = bytes; count < page.size() && (count == 0 || sum < maxBytes); count++) {
                sum += page.get(count).bytes();
            }
            return count;
        }
    }
}
