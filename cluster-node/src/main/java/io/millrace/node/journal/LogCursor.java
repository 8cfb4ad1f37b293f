package io.millrace.node.journal;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log on and on for one consumer: while that works on one page, the next is fetched. Holds at most two pages. Not for many threads: one call at a time.
 */
public final class LogCursor {
    private final LogReader reader;
    private final String log;
    private final int maxBytes;
    private long position;
    private @Nullable CompletionStage<List<LogRecord>> ahead;

    LogCursor(LogReader reader, String log, long fromSeq, int maxBytes) {
        this.reader = reader;
        this.log = log;
        this.position = fromSeq;
        this.maxBytes = maxBytes;
    }

    /** {@return the sequence number that the next page begins with} */
    public long position() {
        return position;
    }

    /**
     * Reads the next page. After a failure the position is where it was.
     *
     * @param toSeq must be committed
     * @return records from {@link #position} on as {@link LogReader#read}; empty when that is past {@code toSeq}
     */
    public CompletionStage<List<LogRecord>> next(long toSeq) {
        CompletionStage<List<LogRecord>> page = ahead == null ? fetch(toSeq) : ahead;
        ahead = null;
        return page.thenApply(records -> {
            if (!records.isEmpty()) {
                position += records.size();
                ahead = position > toSeq ? null : fetch(toSeq);
            }
            return records;
        });
    }

    private CompletionStage<List<LogRecord>> fetch(long toSeq) {
        return reader.read(log, position, toSeq, maxBytes);
    }
}
