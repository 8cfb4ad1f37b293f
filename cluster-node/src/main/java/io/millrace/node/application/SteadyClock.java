package io.millrace.node.application;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time of day as it stood at one moment, and since then only going on: a lease that is measured with it lasts as long as
 * it was granted for, whatever becomes of the clock of the day meanwhile. To be taken anew for each lease, so that a clock
 * that was set right is believed from then on.
 */
public final class SteadyClock extends Clock {
    private final Ticker ticker;
    private final long ahead;

    private SteadyClock(Ticker ticker, long ahead) {
        this.ticker = ticker;
        this.ahead = ahead;
    }

    /** {@return a clock that shows what {@code clock} shows now} */
    public static SteadyClock from(Clock clock, Ticker ticker) {
        return new SteadyClock(ticker, clock.millis() - ticker.millis());
    }

    /** {@return ms since the epoch} */
    @Override
    public long millis() {
        return ahead + ticker.millis();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Shows UTC, in whatever zone: all times of the node are. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
