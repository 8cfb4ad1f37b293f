package io.millrace.client.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: doubles each time, with a random part so that clients that failed together
 * don't come back together.
 *
 * @param first the longest first wait
 * @param most the longest wait of all
 */
public record Backoff(Duration first, Duration most) {
    /** 50 ms, doubling up to 2 s. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

    /** Half of the doubled time for sure, the other half by chance; {@code attempt} counts from 1. */
    public Duration delay(int attempt) {
        long ceiling = Math.min(most.toNanos(), first.toNanos() << Math.min(attempt - 1, 20));
        return Duration.ofNanos(ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1));
    }
}
