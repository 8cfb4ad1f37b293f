package io.millrace.node.queue;

import io.millrace.node.telemetry.LogFields;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the state calls gone goes for good once no recovery needs it: one removal at a time, each up to where the state stood
 * by then. A failure leaves it to {@link #again}.
 */
final class PurgedRecords implements ObjLongConsumer<QueueState> {
    private static final Logger LOG = LoggerFactory.getLogger(PurgedRecords.class);

    private final String log;
    private final LogTruncation truncation;
    private long wanted;
    private long removed;
    private boolean underWay;

    PurgedRecords(String log, LogTruncation truncation) {
        this.log = log;
        this.truncation = truncation;
    }

    /** A snapshot was saved that covers the records up to {@code sequence}. */
    @Override
    public void accept(QueueState state, long sequence) {
        if (sequence >= state.floor()) {
            remove(state.floor());
        }
    }

    /** Removes records that a snapshot is known to cover. */
    void remove(long floor) {
        synchronized (this) {
            wanted = Math.max(wanted, floor);
        }
        again();
    }

    /** Goes on where a removal has failed, if one has. */
    void again() {
        long floor;
        synchronized (this) {
            if (underWay || wanted <= removed) {
                return;
            }
            underWay = true;
            floor = wanted;
        }
        truncation.truncate(log, floor).whenComplete((done, failure) -> ended(floor, failure));
    }

    private void ended(long floor, @Nullable Throwable failure) {
        synchronized (this) {
            underWay = false;
            removed = failure == null ? floor : removed;
        }
        if (failure == null) {
            again();
        } else {
            LogFields.warnOfLog(LOG, log)
                    .log("the purged records of {} could not be removed yet: {}", log, failure.toString());
        }
    }
}
