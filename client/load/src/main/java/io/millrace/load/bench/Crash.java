package io.millrace.load.bench;

import io.millrace.client.LoadOptions;
import io.millrace.client.Loader;
import io.millrace.client.Millrace;
import io.millrace.load.Events;
import io.millrace.load.bus.OwnBus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * W6: the node that serves a queue is killed while it is loaded. The time from the kill to the first acknowledgement of an
 * event that was added after it; then everything is read back and held against what was acknowledged. A bus of one node is
 * {@code millrace dev} itself: Cassandra ends with it, and both are started again at once.
 */
final class Crash implements Workload {
    private static final int SECONDS_BEFORE = 3;
    private static final int SECONDS_AFTER = 2;
    private static final int RECOVERY_LIMIT_S = 240; // a busy machine is slow, not wrong
    private static final int WINDOW = 2_000; // unacknowledged events, as with the peers
    private static final int BATCH = 500;

    private final Stage stage;
    private final OwnBus bus;

    Crash(Stage stage, OwnBus bus) {
        this.stage = stage;
        this.bus = bus;
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        bus.awaitReady(); // also the node that the repetition before has killed
        String queue = stage.queue("w6-" + rep);
        URI victim = bus.urls().size() == 1 ? bus.urls().get(0) : Whereabouts.of(queue, bus.urls());
        Result result = new Result("W6", rep).put("nodes", bus.urls().size());
        Ingest ingest = new Ingest(queue);
        try (Millrace millrace = Stage.connect(bus)) {
            ingest.start(millrace);
            TimeUnit.SECONDS.sleep(stage.options().seconds(SECONDS_BEFORE));
            result.put("ackedBeforeKill", ingest.acknowledged.get());
            long start = System.nanoTime();
            bus.kill(victim);
            long killed = System.nanoTime();
            ingest.killed();
            bus.startAgain();
            boolean isBack = ingest.isBack.await(RECOVERY_LIMIT_S, TimeUnit.SECONDS);
            TimeUnit.SECONDS.sleep(SECONDS_AFTER);
            ingest.stop();
            result.put("killMs", (killed - start) / 1_000_000)
                    .put("recoveryMs", isBack ? (ingest.backAt - killed) / 1_000_000 : -1);
            if (!isBack) {
                result.wrong("no acknowledgement within " + RECOVERY_LIMIT_S + " s of the kill");
            }
        }
        Ledger ledger = Ledger.read(stage, queue);
        long acknowledged = ingest.acknowledged.get();
        long lost = ledger.missing(acknowledged);
        result.put("ackedTotal", acknowledged)
                .put("readBackEvents", ledger.events())
                .put("ackedLost", lost)
                .put("duplicates", ledger.duplicates())
                .put("outOfOrder", ledger.disorder())
                .put("unackedButStored", ledger.events() - ledger.duplicates() - (acknowledged - lost))
                .put("serverRssMb", stage.meter().stop().serverRssMb());
        if (lost > 0 || ledger.duplicates() > 0 || ledger.disorder() > 0) {
            result.wrong("what was acknowledged isn't what is there");
        }
        stage.purge(queue);
        return List.of(result);
    }

    /** Adds events as fast as it may until it is stopped. */
    private final class Ingest {
        private final String queue;
        private final Events events = stage.events();
        private final AtomicLong added = new AtomicLong();
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong addedAtKill = new AtomicLong(Long.MAX_VALUE);
        private final CountDownLatch isBack = new CountDownLatch(1);
        private CompletableFuture<?> end = CompletableFuture.completedFuture(null);
        private volatile boolean stopped;
        private volatile long backAt;

        Ingest(String queue) {
            this.queue = queue;
        }

        void start(Millrace millrace) {
            LoadOptions options = LoadOptions.DEFAULT
                    .batchEvents(BATCH)
                    .batchBytes(BATCH * events.size())
                    .bufferBytes(WINDOW * events.size())
                    .deadline(Duration.ofSeconds(RECOVERY_LIMIT_S))
                    .onAck(ack -> {
                        acknowledged.set(ack.from() + ack.events());
                        if (ack.from() + ack.events() > addedAtKill.get() && isBack.getCount() > 0) {
                            backAt = System.nanoTime();
                            isBack.countDown();
                        }
                    });
            end = CompletableFuture.runAsync(
                    () -> {
                        try (Loader loader = millrace.load(queue, options)) {
                            while (!stopped) {
                                loader.add(events.event(added.getAndIncrement()));
                            }
                        }
                    },
                    work -> new Thread(work, "ingest").start());
        }

        void killed() {
            addedAtKill.set(added.get());
        }

        /** Waits until everything that was added is acknowledged. */
        void stop() throws InterruptedException {
            stopped = true;
            try {
                end.get(RECOVERY_LIMIT_S, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the loader failed", e);
            }
        }
    }
}
