package io.millrace.client;

import io.millrace.protocol.Limits;
import io.millrace.protocol.http.BotConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a batch; the first one that is reached ends it.
 *
 * @param count events, 1 to 100,000
 * @param bytes bytes of payload after which it takes no more, 1 to 16 MiB
 * @param time how long it gathers once it has an event; zero takes what is there
 */
public record BatchLimits(int count, int bytes, Duration time) {
    /** 1000 events, 4 MiB, as it comes. */
    public static final BatchLimits DEFAULT = new BatchLimits(1_000, 4 << 20, Duration.ZERO);

    /** Takes the three limits; throws IllegalArgumentException if one is out of its range. */
    public BatchLimits {
        Check.range("count", count, 1, Limits.REQUEST_EVENTS);
        Check.range("bytes", bytes, 1, Limits.REQUEST_BYTES);
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative");
        }
    }

    /** So many events, else the defaults. */
    public static BatchLimits count(int events) {
        return new BatchLimits(events, DEFAULT.bytes, DEFAULT.time);
    }

    /** The same with another time. */
    public BatchLimits within(Duration gather) {
        return new BatchLimits(count, bytes, gather);
    }

    BatchLimits atMost(int events) {
        return events >= count ? this : new BatchLimits(events, bytes, time);
    }

    static BatchLimits of(BotConfig.@Nullable Batch batch) {
        if (batch == null) {
            return DEFAULT;
        }
        return new BatchLimits(
                batch.count() == null ? DEFAULT.count : batch.count(),
                batch.bytes() == null ? DEFAULT.bytes : batch.bytes(),
                batch.time() == null ? DEFAULT.time : batch.time());
    }

    BotConfig.Batch toConfig() {
        return new BotConfig.Batch(count, bytes, time);
    }
}
