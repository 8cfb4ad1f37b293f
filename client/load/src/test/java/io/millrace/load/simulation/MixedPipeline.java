package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jmesPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;

/**
 * {@code -Dload.rate} (50) puts and a tenth as many batches of {@code -Dload.batch} (20) events a second into a queue, a bot that
 * hands each on to the next queue, and {@code -Dload.readers} (2) that follow there. At the end all has come through, once.
 */
public final class MixedPipeline extends BusSimulation {
    private static final Duration DRAINED = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final double SHARE = 0.1;

    /** Reads its settings and starts the bus if none is given. */
    public MixedPipeline() {
        super(60, 1);
        int rate = Settings.number("rate", 50);
        String in = queues().get(0);
        Pipeline pipeline = closedAtEnd(new Pipeline(url(), in));
        ChainBuilder follow = inQueue(session -> pipeline.out()).exec(following.byPolling("hop", duration));
        simulate(
                List.of(
                        Injection.steadily("Puts", inQueue(session -> in).exec(requests.put("put")), rate, duration),
                        Injection.steadily(
                                "Batches",
                                inQueue(session -> in).exec(requests.batch("batch", Settings.number("batch", 20))),
                                rate * SHARE,
                                duration),
                        Injection.all("Behind the bot", follow, Settings.number("readers", 2))),
                List.of(Injection.all("Draining", drained(pipeline), 1)),
                List.of(
                        refusedAtMost("", 0),
                        fresh("hop", 2_000),
                        new Verdict("each event came through the bot once", () -> pipeline.through() == written(in))),
                percentiles("put", 200, 1_000));
    }

    private ChainBuilder drained(Pipeline pipeline) {
        return exec(asLongAsDuring(session -> pipeline.through() < written(queues().get(0)), DRAINED)
                .on(exec(http("count behind the bot")
                                .get("/v1/queues/" + pipeline.out())
                                .check(jmesPath("events").ofLong().saveAs("through")))
                        .exec(session -> counted(session, pipeline))
                        .exec(pause(LOOK))));
    }

    private static Session counted(Session session, Pipeline pipeline) {
        if (session.contains("through")) {
            pipeline.through(session.getLong("through"));
        }
        return session;
    }

    private long written(String queue) {
        return ledger.queues().getOrDefault(queue, new Ledger.Written()).surely.sum();
    }
}
