package io.millrace.load.simulation;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.function.Function;

/**
 * Everyday traffic for one put rate: single events, a batch for each ten of them, a read of an old page for each ten, and
 * readers at the tail of both kinds.
 */
final class Mix {
    private static final int BATCH = 100;
    private static final int PAGE = 500;
    private static final double SHARE = 0.1;

    private Mix() {}

    /** The populations, each for all of the simulation's duration. */
    static List<PopulationBuilder> of(BusSimulation on, Function<Session, String> putName, int rate, int readers) {
        int batch = Settings.number("batch", BATCH);
        ChainBuilder old = on.anyQueue()
                .exec(session -> session.set(Requests.AFTER, Requests.BEGINNING))
                .exec(on.requests.read("read", PAGE, 0));
        return List.of(
                Injection.steadily("Puts", on.anyQueue().exec(on.requests.put(putName)), rate, on.duration),
                Injection.steadily(
                        "Batches", on.anyQueue().exec(on.requests.batch("batch", batch)), rate * SHARE, on.duration),
                Injection.steadily("Reads", old, rate * SHARE, on.duration),
                Injection.all("Polling", on.anyQueue().exec(on.following.byPolling("poll", on.duration)), readers),
                Injection.all("Streams", on.anyQueue().exec(on.following.byStream("stream", on.duration)), readers));
    }
}
