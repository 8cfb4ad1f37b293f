package io.millrace.node.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * When a run stops reading: told to, at its time, or when none of its feeds has had anything for a while. While something
 * that was read is still in work it doesn't idle, however long the handler takes. Thread-safe.
 */
final class Linger {
    private static final Duration LEAST_WAIT = Duration.ofMillis(10);

    private final Clock clock;
    private final long readUntil;
    private final long patience;
    private volatile AtomicLong inWork = new AtomicLong();
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

    /**
     * Takes how many events a feed has read. Each feed asks for its own when it begins: one of before {@link #again} may have a
     * read under way yet, and what that brings nobody handles, so it must not count as in work.
     */
    IntConsumer reading() {
        AtomicLong current = inWork;
        return events -> {
            current.addAndGet(events);
            touchedAt = clock.millis();
        };
    }

    /** So many of them are through: handled, and their output is durable. */
    void done(int events) {
        touchedAt = clock.millis();
        inWork.addAndGet(-events);
    }

    /** Reading begins anew behind what is through: what was in work is read again. */
    void again() {
        touchedAt = clock.millis();
        inWork = new AtomicLong();
    }

    void stop() {
        stopped = true;
    }

    /** Whether nothing more is to be read, be there something or not. */
    boolean isStopped() {
        return stopped || isTimeOver();
    }

    /** Whether its time is over, told to stop or not. */
    boolean isTimeOver() {
        return clock.millis() >= readUntil;
    }

    /** Whether a feed that found nothing is to end. */
    boolean isOver() {
        return isStopped() || (inWork.get() == 0 && clock.millis() - touchedAt >= patience);
    }

    /** How long a feed may wait for something. */
    Duration left() {
        long now = clock.millis();
        long idleSince = inWork.get() == 0 ? touchedAt : now;
        Duration left = Duration.ofMillis(Math.min(idleSince + patience, readUntil) - now);
        return left.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : left;
    }
}
