package io.millrace.node.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When a run stops reading: told to, at its time, or when none of its feeds has had anything for a while. Thread-safe. */
final class Linger {
    private static final Duration LEAST_WAIT = Duration.ofMillis(10);

    private final Clock clock;
    private final long readUntil;
    private final long patience;
    private volatile long touchedAt;
    private volatile boolean stopped;

    Linger(Clock clock, Instant readUntil, Duration patience) {
        this.clock = clock;
        this.readUntil = readUntil.toEpochMilli();
        this.patience = patience.toMillis();
        touchedAt = clock.millis();
    }

    long now() {
        return clock.millis();
    }

    /** A feed had something. */
    void touch() {
        touchedAt = clock.millis();
    }

    void stop() {
        stopped = true;
    }

    boolean isOver() {
        long now = clock.millis();
        return stopped || now >= readUntil || now - touchedAt >= patience;
    }

    /** How long a feed may wait for something. */
    Duration left() {
        long now = clock.millis();
        Duration left = Duration.ofMillis(Math.min(touchedAt + patience, readUntil) - now);
        return left.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : left;
    }
}
