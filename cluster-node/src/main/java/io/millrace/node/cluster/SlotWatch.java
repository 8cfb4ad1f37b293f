package io.millrace.node.cluster;

import io.millrace.node.journal.ScheduleDirectory;
import io.millrace.node.journal.ScheduledBot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Watches the time for bots with a schedule and tells each when its slot comes, none before. It reads the plan when it starts
 * and once in a while, in pages, and hears of changes meanwhile; whether a slot is taken already is the bot's to know.
 */
final class SlotWatch {
    private static final Duration TICK = Duration.ofMillis(100);

    /** 2,000 bots a second: those that share midnight are brought up over some seconds. */
    private static final int MOST_A_TICK = 200;

    private static final int PAGE = 1_000;

    /** Finds what a lost message would have told. */
    private static final Duration RELOAD = Duration.ofMinutes(1);

    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Slots that may have come while nobody watched: a new place for the watch is found within this, mostly. Older ones are
     * found by the sweep that begins then. */
    private static final Duration LOOK_BACK = Duration.ofMinutes(2);

    /** A bot that tells its schedule may have done so at its slot. */
    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    /** The plan, shard by shard. */
    @FunctionalInterface
    interface Plan {
        CompletionStage<List<ScheduledBot>> page(int shard, String after, int limit);
    }

    private final ActorContext<Sweeper.Message> context;
    private final TimerScheduler<Sweeper.Message> timers;
    private final Plan plan;
    private final Consumer<String> slotCame;
    private final Clock clock;
    private final SweepMetrics metrics;
    private final SlotQueue queue = new SlotQueue();
    /** The bots that the reading under way has found, or that have told of themselves since it began. */
    private Set<String> found = new HashSet<>();

    private boolean loadedOnce;
    private Instant lastLook;

    SlotWatch(
            ActorContext<Sweeper.Message> context,
            TimerScheduler<Sweeper.Message> timers,
            Plan plan,
            Consumer<String> slotCame,
            Clock clock,
            SweepMetrics metrics) {
        this.context = context;
        this.timers = timers;
        this.plan = plan;
        this.slotCame = slotCame;
        this.clock = clock;
        this.metrics = metrics;
        this.lastLook = clock.instant();
    }

    void start() {
        timers.startTimerWithFixedDelay(Sweeper.Look.AT_SLOTS, TICK);
        load(new Sweeper.Load(0, ""));
    }

    void load(Sweeper.Load next) {
        if (next.shard() == 0 && next.after().isEmpty()) {
            found = new HashSet<>();
        }
        context.pipeToSelf(
                plan.page(next.shard(), next.after(), PAGE),
                (page, failure) -> page == null ? new Sweeper.NotLoaded(next) : new Sweeper.Loaded(next, page));
    }

    void loaded(Sweeper.Loaded loaded) {
        Instant after = clock.instant().minus(loadedOnce ? A_MOMENT : LOOK_BACK);
        for (ScheduledBot bot : loaded.page()) {
            found.add(bot.bot());
            queue.put(bot, after);
        }
        int shard = loaded.load().shard();
        if (loaded.page().size() == PAGE) {
            load(new Sweeper.Load(shard, loaded.page().get(PAGE - 1).bot()));
        } else if (shard + 1 < ScheduleDirectory.SHARDS) {
            load(new Sweeper.Load(shard + 1, ""));
        } else {
            queue.retain(found);
            loadedOnce = true;
            timers.startSingleTimer(new Sweeper.Load(0, ""), RELOAD);
        }
    }

    void notLoaded(Sweeper.NotLoaded failed) {
        timers.startSingleTimer(failed.load(), RETRY);
    }

    void scheduled(ScheduledBot bot) {
        found.add(bot.bot());
        queue.put(bot, clock.instant().minus(A_MOMENT));
    }

    void unscheduled(String bot) {
        found.remove(bot);
        queue.remove(bot);
    }

    void look() {
        Instant now = clock.instant();
        if (now.isBefore(lastLook.minus(A_MOMENT))) {
            queue.restart(now);
        }
        lastLook = now;
        List<String> due = queue.due(now, MOST_A_TICK);
        due.forEach(slotCame);
        metrics.slotsCame(due.size());
    }
}
