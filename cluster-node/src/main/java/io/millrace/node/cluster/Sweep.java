package io.millrace.node.cluster;

import io.millrace.node.journal.NamePage;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The way through all bots, page by page and never two at a time: what is asked for meanwhile is one more sweep after it. */
final class Sweep {
    /**
     * 500 bots a second: each that is at rest recovers, as do its queues, and each recovery is some five round trips to the
     * storage, which has appends to serve besides.
     */
    private static final int PAGE = 100;

    private static final Duration PAGE_PAUSE = Duration.ofMillis(200);

    /** After a directory that didn't answer. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** The names of all bots, in order. */
    @FunctionalInterface
    interface Names {
        CompletionStage<NamePage> page(String after, int limit);
    }

    private final ActorContext<Sweeper.Message> context;
    private final TimerScheduler<Sweeper.Message> timers;
    private final Names names;
    private final Consumer<String> check;
    private final SweepMetrics metrics;
    private boolean underWay;
    private boolean again;

    Sweep(
            ActorContext<Sweeper.Message> context,
            TimerScheduler<Sweeper.Message> timers,
            Names names,
            Consumer<String> check,
            SweepMetrics metrics) {
        this.context = context;
        this.timers = timers;
        this.names = names;
        this.check = check;
        this.metrics = metrics;
    }

    void request() {
        if (underWay) {
            again = true;
        } else {
            underWay = true;
            again = false;
            metrics.swept();
            read(new Sweeper.Next(""));
        }
    }

    void read(Sweeper.Next next) {
        context.pipeToSelf(
                names.page(next.after(), PAGE),
                (page, failure) -> page == null ? new Sweeper.Failed(next) : new Sweeper.Found(page));
    }

    void found(NamePage page) {
        page.names().forEach(check);
        metrics.checked(page.names().size());
        if (page.more()) {
            String last = page.names().get(page.names().size() - 1);
            timers.startSingleTimer(new Sweeper.Next(last), PAGE_PAUSE);
        } else {
            underWay = false;
            if (again) {
                request();
            }
        }
    }

    void failed(Sweeper.Next next) {
        timers.startSingleTimer(next, RETRY);
    }
}
