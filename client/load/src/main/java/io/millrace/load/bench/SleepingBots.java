package io.millrace.load.bench;

import io.millrace.client.EventReader;
import io.millrace.client.ReadOptions;
import io.millrace.load.bus.Meter;
import io.millrace.load.bus.Usage;
import io.millrace.load.handler.Forward;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * W5: so many bots that sleep are woken at once, by an event in the queue of each, until what all of them make of it stands in
 * one queue: handlers on the node where the bus has them, else workers in this process.
 */
final class SleepingBots implements Workload {
    private static final int CALLERS = 16;
    private static final int LIMIT_S = 120;

    private final Stage stage;
    private final int n;

    SleepingBots(Stage stage, int n) {
        this.stage = stage;
        this.n = n;
    }

    @Override
    public int mostRepetitions() {
        return 3; // bots are archived, not forgotten
    }

    @Override
    public List<Result> measure(int rep) throws InterruptedException {
        String out = stage.queue("w5-bots-out-" + rep);
        OneBot[] bots = new OneBot[n];
        long registering = System.nanoTime();
        try (EventReader reader = stage.millrace().follow(out, ReadOptions.DEFAULT)) {
            Together.share(CALLERS, n, i -> {
                stage.millrace().queues().create(queue(rep, i));
                bots[i] = OneBot.start(
                        stage.millrace(),
                        queue(rep, i) + "-bot",
                        queue(rep, i),
                        out,
                        Forward.class,
                        stage.bus().hasHandlers());
            });
            double registered = (System.nanoTime() - registering) / 1e9;
            return List.of(wake(rep, reader).put("createSeconds", registered));
        } finally {
            Together.share(CALLERS, n, i -> {
                if (bots[i] != null) {
                    bots[i].close();
                }
            });
        }
    }

    private Result wake(int rep, EventReader reader) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(n);
        BitSet seen = new BitSet();
        Thread follower = new Thread(
                () -> {
                    while (handled.getCount() > 0 && reader.hasNext()) {
                        int id = (int) stage.events().id(reader.next().payload());
                        if (!seen.get(id)) {
                            seen.set(id);
                            handled.countDown();
                        }
                    }
                },
                "follower");
        follower.start();
        Meter meter = stage.meter();
        CompletableFuture<?>[] puts = new CompletableFuture<?>[n];
        Arrays.setAll(
                puts,
                i -> stage.millrace()
                        .putAsync(queue(rep, i), stage.events().event(i))
                        .toCompletableFuture());
        CompletableFuture.allOf(puts).join();
        long written = System.nanoTime();
        boolean all = handled.await(LIMIT_S, TimeUnit.SECONDS);
        double last = (System.nanoTime() - written) / 1e9;
        Usage usage = meter.stop();
        reader.close();
        follower.join();
        Result result = new Result("W5-bots" + n, rep)
                .put("created", n)
                .put("handled", n - handled.getCount())
                .put("writeSeconds", usage.seconds() - last)
                .usage(usage, 0);
        return all ? result : result.wrong(handled.getCount() + " bots have done nothing after " + LIMIT_S + " s");
    }

    private String queue(int rep, int number) {
        return stage.name("w5-bots-" + rep + "-" + number);
    }
}
