package io.millrace.node.http;

import java.time.Duration;

/**
 * A share that refills at a steady rate up to what a burst may take. Whoever finds it not empty may take any amount, and leaves
 * a debt that the next ones wait for: how much a request takes is known only at its end.
 */
final class Bucket {
    private final double rate;
    private final double most;
    private double left;
    private long at;

    /**
     * A full one.
     *
     * @param rate units a second
     * @param burst how long it takes to fill
     */
    Bucket(double rate, Duration burst, long now) {
        this.rate = rate;
        this.most = Math.max(1, rate * burst.toMillis() / 1_000);
        this.left = most;
        this.at = now;
    }

    /** How long until it isn't empty; zero if it isn't. */
    synchronized Duration delay(long now) {
        refill(now);
        return left > 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(-left / rate * 1_000) + 1);
    }

    synchronized void take(double units, long now) {
        refill(now);
        left -= units;
    }

    private void refill(long now) {
        left = Math.min(most, left + Math.max(0, now - at) / 1e9 * rate);
        at = now;
    }
}
