package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;

import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;
import java.util.List;

/**
 * {@code -Dload.rate} (50) puts and as many batches of {@code -Dload.batch} (50) events a second, {@code -Dload.readers} (20)
 * that take a page of 20 events each half second and so fall ever further behind, and as many that hang with an open event
 * stream. Writers may not feel either; then one reader catches up to the end.
 */
public final class SlowConsumers extends BusSimulation {
    private static final int SMALL_PAGE = 20;
    private static final int LARGE_PAGE = 5_000;
    private static final Duration THINK = Duration.ofMillis(500);

    /** Reads its settings and starts the bus if none is given. */
    public SlowConsumers() {
        super(45, 2);
        int readers = Settings.number("readers", 20);
        int rate = Settings.number("rate", 50);
        closedAtEnd(new StalledReaders(url(), queues(), readers));
        ChainBuilder slow = fromBeginning()
                .exec(during(duration)
                        .on(exec(requests.read("slow read", SMALL_PAGE, 0)).exec(pause(THINK))));
        ChainBuilder catchUp = fromBeginning()
                .exec(session -> session.set("end", false))
                .exec(asLongAs(session -> !session.getBoolean("end"))
                        .on(exec(requests.read("catch up", LARGE_PAGE, 0))
                                .exec(session -> session.set("end", Requests.isAtEnd(session)))));
        simulate(
                List.of(
                        Injection.steadily("Puts", anyQueue().exec(requests.put("put")), rate, duration),
                        Injection.steadily(
                                "Batches",
                                anyQueue().exec(requests.batch("batch", Settings.number("batch", 50))),
                                rate,
                                duration),
                        Injection.all("Slow readers", slow, readers)),
                List.of(Injection.all("Catching up", catchUp, queues().size())),
                List.of(
                        refusedAtMost("", 0),
                        new Verdict(
                                "catching up found all",
                                () -> ledger.row("catch up").events.sum() >= ledger.acknowledged())),
                percentiles("put", 200, 1_000));
    }

    private ChainBuilder fromBeginning() {
        return anyQueue().exec(session -> session.set(Requests.AFTER, Requests.BEGINNING));
    }
}
