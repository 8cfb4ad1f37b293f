package io.millrace.demo;

import io.millrace.client.EventReader;
import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.client.MillraceException;
import io.millrace.client.ReadOptions;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes orders at a steady rate, numbered from 1 without a gap or a repetition, also over the ends of this process: a new
 * loader of the same producer goes on behind the last order that the queue holds. Should the end of an older process still
 * be on its way then, it has taken the sequence that the new one would use, which the bus refuses; so the new one fails,
 * looks again and goes on behind it.
 */
final class OrderGenerator {
    private static final String PRODUCER = "demo-orders";
    private static final Duration TICK = Duration.ofMillis(20);
    private static final long PAUSE_SECONDS = 1;

    // While the bus is away, about a thousand orders wait here and no more are made.
    private static final LoadOptions OPTIONS = LoadOptions.DEFAULT
            .producer(PRODUCER)
            .bot("order-generator")
            .batchBytes(32 << 10)
            .bufferBytes(96 << 10)
            .linger(TICK);

    private final Millrace millrace;
    private final int rate;
    private final long most;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable MillraceException trouble;

    /**
     * A generator that hasn't begun.
     *
     * @param rate orders a second, from 1
     * @param most the last order's number
     */
    OrderGenerator(Millrace millrace, int rate, long most) {
        this.millrace = millrace;
        this.rate = rate;
        this.most = most;
    }

    /** Writes until the last order is durable or it is stopped, whatever happens to the bus meanwhile. */
    void run() {
        boolean done = false;
        while (!done && !isStoppedAfter(TimeUnit.SECONDS.toNanos(trouble == null ? 0 : PAUSE_SECONDS))) {
            try (Loader loader = millrace.load(Pipeline.ORDERS, OPTIONS)) {
                // First the producer's place, then the queue's end: what comes in between makes the sequence collide.
                loader.resumedAfter(Pipeline.ORDERS);
                generate(loader, lastOrder());
                done = true;
            } catch (MillraceException e) {
                done = false; // also when the loader couldn't be drained
                trouble = e;
            }
        }
    }

    /** Why the last loader failed, until one has begun well. */
    @Nullable
    MillraceException trouble() {
        return trouble;
    }

    void stop() {
        stop.countDown();
    }

    private void generate(Loader loader, long last) {
        trouble = null;
        long number = last;
        double due = 0;
        long then = System.nanoTime();
        while (number < most && !isStoppedAfter(TICK.toNanos())) {
            long now = System.nanoTime();
            // A time in which nothing could be written isn't made up for.
            due = Math.min(rate, due + (now - then) * 1e-9 * rate);
            then = now;
            for (; due >= 1 && number < most; due--) {
                loader.add(Payload.of(Order.of(++number)));
            }
        }
    }

    private long lastOrder() {
        EventId last =
                millrace.queues().get(Pipeline.ORDERS).map(QueueInfo::last).orElse(null);
        if (last == null) {
            return 0;
        }
        // The prefix up to the millisecond lies before the events of that millisecond.
        String text = last.toString();
        Position before = Position.parse(text.substring(0, text.lastIndexOf('-')));
        long number = 0;
        try (EventReader reader = millrace.read(Pipeline.ORDERS, ReadOptions.DEFAULT.after(before))) {
            for (Event event : reader) {
                number = event.payload().as(Order.class).number();
            }
        }
        return number;
    }

    private boolean isStoppedAfter(long nanos) {
        try {
            return stop.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
