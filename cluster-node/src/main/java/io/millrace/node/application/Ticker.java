package io.millrace.node.application;

import java.util.concurrent.TimeUnit;

/**
 * Time that only ever goes on, for waits and heartbeats: the clock of the day may jump, and a minute's jump must neither end
 * a lease that is alive nor keep one that is dead.
 */
@FunctionalInterface
public interface Ticker {
    /** Of this JVM. */
    Ticker SYSTEM = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

    /** {@return ms since an arbitrary moment} */
    long millis();
}
