package io.millrace.node.queue;

import io.millrace.protocol.http.QueueConfig;
import java.time.Duration;

/**
 * How long a queue keeps its events; whichever limit is reached first.
 *
 * @param maxAge ms
 * @param maxBytes stored bytes that are kept whatever their age; {@link Long#MAX_VALUE} for no such limit
 */
record RetentionRule(long maxAge, long maxBytes) {
    static final Duration DEFAULT_AGE = Duration.ofDays(7);

    static RetentionRule of(QueueConfig config) {
        QueueConfig.Retention set = config.retention();
        Duration age = set == null ? null : set.maxAge();
        Long bytes = set == null ? null : set.maxBytes();
        return new RetentionRule((age == null ? DEFAULT_AGE : age).toMillis(), bytes == null ? Long.MAX_VALUE : bytes);
    }

    /** Whether a part of the log may go: all of it is too old, or what is left without it is enough. */
    boolean lets(long newest, long bytesOfPart, long bytesOfAll, long now) {
        return newest + maxAge <= now || bytesOfAll - bytesOfPart >= maxBytes;
    }
}
