package io.millrace.load.simulation;

import java.util.List;

/** A few seconds of every kind of request, small enough for any machine: is the bus well, and is the harness? */
public final class Smoke extends BusSimulation {
    private static final int BATCH = 20;
    private static final int SMALL_PAGE = 50;

    /** Reads its settings and starts the bus if none is given. */
    public Smoke() {
        super(5, 3);
        int rate = Settings.number("rate", 30);
        Pipeline pipeline = closedAtEnd(new Pipeline(url(), queues().get(0)));
        simulate(
                List.of(
                        Injection.steadily("Puts", anyQueue().exec(requests.put("put")), rate, duration),
                        Injection.steadily("Batches", anyQueue().exec(requests.batch("batch", BATCH)), 5, duration),
                        Injection.steadily(
                                "Reads",
                                anyQueue()
                                        .exec(session -> session.set(Requests.AFTER, Requests.BEGINNING))
                                        .exec(requests.read("read", SMALL_PAGE, 0)),
                                5,
                                duration),
                        Injection.all("Polling", anyQueue().exec(following.byPolling("poll", duration)), 3),
                        Injection.all("Streams", anyQueue().exec(following.byStream("stream", duration)), 3),
                        Injection.all(
                                "Behind the bot",
                                inQueue(session -> pipeline.out()).exec(following.byPolling("hop", duration)),
                                1)),
                List.of(refusedAtMost("", 0), fresh("poll", 5_000), fresh("stream", 5_000), fresh("hop", 10_000)),
                percentiles("put", 2_000, 5_000));
    }
}
