package io.millrace.load;

import io.millrace.client.Millrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * w1b: how long a put takes, each of so many threads putting its next event when the one before is durable. (So it is a
 * closed loop: a slow bus gets fewer puts.)
 */
final class PutLatency {
    private final Millrace millrace;
    private final Events events;
    private final Processes processes;

    PutLatency(Millrace millrace, Events events, Processes processes) {
        this.millrace = millrace;
        this.events = events;
        this.processes = processes;
    }

    Result run(String queue, int threads, int seconds, int rep) throws InterruptedException {
        Result result = new Result("w1b-" + threads, rep);
        AtomicLong ids = new AtomicLong();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Histogram> histograms = new ArrayList<>();
        List<Thread> putters = new ArrayList<>();
        Processes.Usage usage = processes.start();
        for (int i = 0; i < threads; i++) {
            Histogram histogram = new Histogram(3);
            histograms.add(histogram);
            Thread putter = new Thread(() -> {
                while (System.nanoTime() < end && failed.get() == null) {
                    try {
                        var event = events.event(ids.getAndIncrement());
                        long start = System.nanoTime();
                        millrace.put(queue, event);
                        histogram.recordValue(System.nanoTime() - start);
                    } catch (RuntimeException e) {
                        failed.set(e);
                    }
                }
            });
            putters.add(putter);
            putter.start();
        }
        for (Thread putter : putters) {
            putter.join();
        }
        double took = usage.stop(result, ids.get());
        if (failed.get() != null) {
            throw new IllegalStateException("a put failed", failed.get());
        }
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        return result.latency("put", all).add("putsPerS", all.getTotalCount() / took);
    }
}
