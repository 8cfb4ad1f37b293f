package io.millrace.load.bench;

import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import io.millrace.protocol.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * W1b: how long a put takes, each of so many threads putting its next event when the one before is durable. So it is a closed
 * loop, as callers are that wait for their answers: a slow bus gets fewer puts.
 */
final class PutLatency implements Workload {
    private static final int SECONDS = 6;

    private final Stage stage;
    private final int threads;

    PutLatency(Stage stage, int threads) {
        this.stage = stage;
        this.threads = threads;
    }

    @Override
    public boolean warmUp(int round) throws InterruptedException {
        run(stage.options().warmSeconds, -round);
        return true;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        return List.of(run(stage.options().seconds(SECONDS), rep));
    }

    private Result run(int seconds, int rep) throws InterruptedException {
        String queue = stage.queue("w1b-" + threads + "-" + rep);
        AtomicLong ids = new AtomicLong();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        List<Histogram> histograms = new ArrayList<>();
        List<Thread> putters = new ArrayList<>();
        Meter meter = stage.meter();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; i < threads; i++) {
            Histogram histogram = new Histogram(3);
            histograms.add(histogram);
            Thread putter = new Thread(
                    () -> {
                        try {
                            while (System.nanoTime() < end && failed.get() == null) {
                                Payload event = stage.events().event(ids.getAndIncrement());
                                long start = System.nanoTime();
                                stage.millrace().put(queue, event);
                                histogram.recordValue(System.nanoTime() - start);
                            }
                        } catch (RuntimeException e) {
                            failed.set(e);
                        }
                    },
                    "putter-" + i);
            putters.add(putter);
            putter.start();
        }
        for (Thread putter : putters) {
            putter.join();
        }
        Usage usage = meter.stop();
        Throwable failure = failed.get();
        if (failure != null) {
            throw new IllegalStateException("a put failed", failure);
        }
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        stage.purge(queue);
        return new Result("W1b-sync" + threads, rep).usage(usage, ids.get()).latency("", all);
    }
}
