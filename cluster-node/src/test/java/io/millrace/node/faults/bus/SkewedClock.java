package io.millrace.node.faults.bus;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of the day, off by as much as it is told. */
public final class SkewedClock extends Clock {
    private volatile long skew;

    /**
     * Sets how far it is off.
     *
     * @param millis ms that it is ahead from now on
     */
    public void skew(long millis) {
        skew = millis;
    }

    @Override
    public long millis() {
        return System.currentTimeMillis() + skew;
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
