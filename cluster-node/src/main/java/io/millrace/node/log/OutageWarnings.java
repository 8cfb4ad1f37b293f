package io.millrace.node.log;

import io.millrace.node.application.Ticker;
import io.millrace.node.telemetry.LogFields;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of logs that fail, in one line a second at most: where the storage is away they all do, again and again. */
final class OutageWarnings {
    static final long PAUSE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(OutageWarnings.class);

    /** Of this JVM. */
    static final OutageWarnings SHARED = new OutageWarnings(
            Ticker.SYSTEM, (log, text) -> LogFields.warnOfLog(LOG, log).log(text));

    private final Ticker ticker;
    private final BiConsumer<String, String> warn;
    private final AtomicLong next;
    private final AtomicInteger untold = new AtomicInteger();

    /** @param warn takes the name of the log and a line about it */
    OutageWarnings(Ticker ticker, BiConsumer<String, String> warn) {
        this.ticker = ticker;
        this.warn = warn;
        next = new AtomicLong(ticker.millis());
    }

    /** A log has failed and will be claimed again. */
    void failed(String log, Throwable failure, Duration again) {
        long now = ticker.millis();
        long due = next.get();
        if (now < due || !next.compareAndSet(due, now + PAUSE_MILLIS)) {
            untold.incrementAndGet();
            return;
        }
        int others = untold.getAndSet(0);
        warn.accept(
                log,
                log + " failed (" + cause(failure) + "); claiming it again in " + again
                        + (others == 0 ? "" : "; " + others + " more such failures since the last line"));
    }

    /** What Pekko wraps around it says less. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
