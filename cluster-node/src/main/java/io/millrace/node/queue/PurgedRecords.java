package io.millrace.node.queue;

import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the state calls gone goes for good once no recovery needs it. A failure leaves it to the next snapshot. */
final class PurgedRecords implements ObjLongConsumer<QueueState> {
    private static final Logger LOG = LoggerFactory.getLogger(PurgedRecords.class);

    private final String log;
    private final LogTruncation truncation;
    private volatile long truncated;

    PurgedRecords(String log, LogTruncation truncation) {
        this.log = log;
        this.truncation = truncation;
    }

    /** A snapshot was saved that covers the records up to {@code sequence}. */
    @Override
    public void accept(QueueState state, long sequence) {
        long floor = state.floor();
        if (floor > truncated && sequence >= floor) {
            truncation.truncate(log, floor).whenComplete((done, failure) -> {
                if (failure == null) {
                    truncated = floor;
                } else {
                    LOG.warn("the purged records of {} could not be removed yet: {}", log, failure.toString());
                }
            });
        }
    }
}
