package io.millrace.load;

import io.millrace.client.EventReader;
import io.millrace.client.Millrace;
import io.millrace.client.ReadOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Events at a fixed pace into one queue, and how long until a reader has them from the same or a later queue. Latency
 * counts from when an event was due, not from when it was sent, so that a stall counts for all that it held up.
 */
final class EndToEnd {
    private final Millrace millrace;
    private final Events events;
    private final Processes processes;

    EndToEnd(Millrace millrace, Events events, Processes processes) {
        this.millrace = millrace;
        this.events = events;
        this.processes = processes;
    }

    /** From {@code in} to {@code out}, both empty so far. */
    Result run(String workload, String in, String out, int perSecond, int seconds, int rep)
            throws InterruptedException {
        int n = perSecond * seconds;
        long step = 1_000_000_000L / perSecond;
        long start = System.nanoTime() + 500_000_000L;
        Histogram endToEnd = new Histogram(3);
        Histogram acknowledged = new ConcurrentHistogram(3);
        AtomicLong failures = new AtomicLong();
        AtomicLong misplaced = new AtomicLong();
        CountDownLatch all = new CountDownLatch(n);
        Result result = new Result(workload, rep);
        EventReader reader = millrace.follow(out, ReadOptions.DEFAULT);
        try {
            Thread follower = new Thread(() -> {
                byte[] buffer = new byte[Events.SIZE];
                for (long next = 0; next < n && reader.hasNext(); next++) {
                    long id = Events.id(reader.next().payload(), buffer);
                    endToEnd.recordValue(Math.max(0, System.nanoTime() - (start + id * step)));
                    if (id != next) {
                        misplaced.incrementAndGet();
                    }
                    all.countDown();
                }
            });
            follower.start();
            Processes.Usage usage = processes.start();
            for (int i = 0; i < n; i++) {
                long due = start + i * step;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                var unused = millrace.putAsync(in, events.event(i)).whenComplete((id, failure) -> {
                    acknowledged.recordValue(System.nanoTime() - due);
                    if (failure != null) {
                        failures.incrementAndGet();
                    }
                });
            }
            boolean arrived = all.await(30, TimeUnit.SECONDS);
            usage.stop(result, n);
            if (!arrived || failures.get() > 0 || misplaced.get() > 0) {
                throw new IllegalStateException(all.getCount() + " events are missing, " + failures + " puts failed, "
                        + misplaced + " out of order");
            }
        } finally {
            reader.close();
        }
        return result.latency("endToEnd", endToEnd).latency("put", acknowledged);
    }
}
