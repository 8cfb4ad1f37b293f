package io.millrace.node.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * How often something that ends by itself is started again: {@value #PER_MINUTE} times a minute, waiting 0.5 s before the
 * first time within a minute and twice as long before each further one. Not thread-safe.
 */
public final class RestartBudget {

    /** Restarts within a minute. */
    public static final int PER_MINUTE = 5;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long FIRST_BACKOFF_MILLIS = 500;

    private final Deque<Long> spent = new ArrayDeque<>();

    /** Takes one restart at {@code nowNanos}; how many ms to wait before it, or empty when the budget is used up. */
    public OptionalLong take(long nowNanos) {
        while (!spent.isEmpty() && nowNanos - spent.getFirst() >= MINUTE_NANOS) {
            spent.removeFirst();
        }
        if (spent.size() == PER_MINUTE) {
            return OptionalLong.empty();
        }
        long backoff = FIRST_BACKOFF_MILLIS << spent.size();
        spent.addLast(nowNanos);
        return OptionalLong.of(backoff);
    }
}
