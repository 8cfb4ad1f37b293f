package io.millrace.load.bench;

import io.millrace.client.EventReader;
import io.millrace.client.ReadOptions;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import io.millrace.protocol.Payload;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * W3: events at a fixed pace into one queue, and how long until a reader that follows has them, from the same queue or, with a
 * {@link Route}, from where a bot writes them. Latency counts from when an event was due, not from when it was sent, so that a
 * stall counts for all that it held up.
 */
final class EndToEnd implements Workload {
    private static final int SECONDS = 20;
    private static final int ARRIVAL_LIMIT_S = 30;

    /** Where events come out that were put into a queue. */
    interface Route {
        /** Opens a way that leads out of {@code queue}. */
        Way open(String queue);

        /** An open one. */
        interface Way extends AutoCloseable {
            String end();

            @Override
            void close();
        }
    }

    private final Stage stage;
    private final String workload;
    private final Route route;

    EndToEnd(Stage stage, String workload, Route route) {
        this.stage = stage;
        this.workload = workload;
        this.route = route;
    }

    /** The queue itself. */
    static EndToEnd direct(Stage stage) {
        return new EndToEnd(stage, "W3", queue -> new Route.Way() {
            @Override
            public String end() {
                return queue;
            }

            @Override
            public void close() {
                // nothing was opened
            }
        });
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
        String queue = stage.queue(workload.toLowerCase(java.util.Locale.ROOT) + "-" + rep);
        try (Route.Way way = route.open(queue);
                EventReader reader = stage.millrace().follow(way.end(), ReadOptions.DEFAULT)) {
            return new Paced(queue, reader, stage.options().rate, seconds).run(rep);
        } finally {
            stage.purge(queue);
        }
    }

    private final class Paced {
        private final String queue;
        private final EventReader reader;
        private final int n;
        private final long step;
        private final Histogram endToEnd = new Histogram(3);
        private final Histogram acknowledged = new ConcurrentHistogram(3);
        private final AtomicLong errors = new AtomicLong();
        private final AtomicLong misplaced = new AtomicLong();
        private final CountDownLatch arrivals;
        private volatile long start = System.nanoTime();
        private long latest;

        Paced(String queue, EventReader reader, int rate, int seconds) {
            this.queue = queue;
            this.reader = reader;
            this.n = rate * seconds;
            this.step = 1_000_000_000L / rate;
            this.arrivals = new CountDownLatch(n);
        }

        Result run(int rep) throws InterruptedException {
            Thread follower = new Thread(this::follow, "follower");
            follower.start();
            Thread.sleep(500); // the follower's first question should wait at the bus by then; nothing depends on it
            Meter meter = stage.meter();
            send();
            boolean done = arrivals.await(ARRIVAL_LIMIT_S, TimeUnit.SECONDS);
            Usage usage = meter.stop();
            reader.close();
            follower.join();
            Result result = new Result(workload, rep)
                    .usage(usage, n)
                    .latency("", endToEnd)
                    .latency("ack_", acknowledged)
                    .put("senderLateMaxUs", latest / 1_000)
                    .put("missing", arrivals.getCount())
                    .put("outOfOrder", misplaced.get())
                    .put("errors", errors.get());
            return done && errors.get() == 0 && misplaced.get() == 0
                    ? result
                    : result.wrong("events are missing or misplaced, or puts failed");
        }

        private void send() {
            start = System.nanoTime() + step;
            for (int i = 0; i < n; i++) {
                Payload event = stage.events().event(i);
                long due = start + i * step;
                long now = System.nanoTime();
                for (; now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                latest = Math.max(latest, now - due);
                var unused = stage.millrace().putAsync(queue, event).whenComplete((id, failure) -> {
                    acknowledged.recordValue(System.nanoTime() - due);
                    if (failure != null) {
                        errors.incrementAndGet();
                    }
                });
            }
        }

        private void follow() {
            for (long next = 0; next < n && reader.hasNext(); next++) {
                long id = stage.events().id(reader.next().payload());
                endToEnd.recordValue(Math.max(0, System.nanoTime() - (start + id * step)));
                if (id != next) {
                    misplaced.incrementAndGet();
                }
                arrivals.countDown();
            }
        }
    }
}
