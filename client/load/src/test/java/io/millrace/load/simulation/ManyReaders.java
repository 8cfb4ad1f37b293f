package io.millrace.load.simulation;

import java.util.List;

/**
 * {@code -Dload.readers} (50) readers by long polls and as many by event streams at the tail of {@code -Dload.queues} (1), and
 * {@code -Dload.rate} (10) puts a second: each event is delivered to all of them.
 */
public final class ManyReaders extends BusSimulation {
    /** Reads its settings and starts the bus if none is given. */
    public ManyReaders() {
        super(45, 1);
        int readers = Settings.number("readers", 50);
        simulate(
                List.of(
                        Injection.steadily(
                                "Puts", anyQueue().exec(requests.put("put")), Settings.number("rate", 10), duration),
                        Injection.all("Polling", anyQueue().exec(following.byPolling("poll", duration)), readers),
                        Injection.all("Streams", anyQueue().exec(following.byStream("stream", duration)), readers)),
                List.of(refusedAtMost("", 0), fresh("poll", 1_000), fresh("stream", 1_000)),
                percentiles("put", 200, 1_000));
    }
}
