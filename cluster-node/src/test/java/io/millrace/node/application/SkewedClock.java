package io.millrace.node.application;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of the day, off by as much as it is told. */
public final class SkewedClock extends Clock {
    private final AtomicLong skew = new AtomicLong();

    /**
     * Sets how far it is off.
     *
     * @param millis ms that it is ahead from now on
     */
    public void skew(long millis) {
        skew.set(millis);
    }

    /** Has it jump ahead. */
    public void advance(Duration by) {
        skew.addAndGet(by.toMillis());
    }

    @Override
    public long millis() {
        return System.currentTimeMillis() + skew.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
