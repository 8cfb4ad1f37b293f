package io.millrace.node.cluster;

import io.millrace.node.journal.DueQueue;
import io.millrace.node.journal.RetentionDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Watches the time for queues at rest that will have events to remove. Each round it reads the plan in pages and wakes those
 * whose time has come, so many at a time; the others stay at rest. Who isn't heard, or has more to do, is still due in the next
 * round.
 */
public final class RetentionWatch extends AbstractBehavior<RetentionWatch.Message> {
    private static final int PAGE = 1_000;

    /** 100 queues a second: each that is woken recovers and reads heads, and the storage has appends to serve besides. */
    static final int AT_A_TIME = 20;

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** The plan, shard by shard. */
    @FunctionalInterface
    public interface Plan {
        /** {@return a part of one shard, as {@link RetentionDirectory#page}} */
        CompletionStage<List<DueQueue>> page(int shard, String after, int limit);
    }

    sealed interface Message {}

    private record Read(int shard, String after) implements Message {}

    private record Found(Read read, List<DueQueue> page) implements Message {}

    private record Failed(Read read) implements Message {}

    private enum Wake implements Message {
        WAKE
    }

    private final TimerScheduler<Message> timers;
    private final Plan plan;
    private final Consumer<String> tend;
    private final Duration every;
    private final Clock clock;
    private final Deque<String> due = new ArrayDeque<>();
    private Read next = new Read(0, "");

    private RetentionWatch(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            Plan plan,
            Consumer<String> tend,
            Duration every,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.plan = plan;
        this.tend = tend;
        this.every = every;
        this.clock = clock;
        read(next);
    }

    /**
     * A watch to be run once in a cluster.
     *
     * @param tend has a queue look; sends one message and returns at once
     * @param every the pause between two rounds
     */
    public static Behavior<?> create(Plan plan, Consumer<String> tend, Duration every, Clock clock) {
        return Behaviors.<Message>withTimers(
                timers -> Behaviors.setup(context -> new RetentionWatch(context, timers, plan, tend, every, clock)));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Read.class, this::read)
                .onMessage(Found.class, this::onFound)
                .onMessage(Failed.class, this::onFailed)
                .onMessage(Wake.class, wake -> wake())
                .build();
    }

    private Behavior<Message> read(Read read) {
        getContext()
                .pipeToSelf(
                        plan.page(read.shard(), read.after(), PAGE),
                        (page, failure) -> page == null ? new Failed(read) : new Found(read, page));
        return this;
    }

    private Behavior<Message> onFailed(Failed failed) {
        timers.startSingleTimer(failed.read(), RETRY);
        return this;
    }

    private Behavior<Message> onFound(Found found) {
        long now = clock.millis();
        found.page().stream()
                .filter(queue -> queue.due() <= now)
                .map(DueQueue::queue)
                .forEach(due::add);
        int shard = found.read().shard();
        next = found.page().size() == PAGE
                ? new Read(shard, found.page().get(PAGE - 1).queue())
                : new Read(shard + 1, "");
        return wake();
    }

    /** Some of those that are due; the plan is read on when all of them were woken. */
    private Behavior<Message> wake() {
        for (int i = 0; i < AT_A_TIME && !due.isEmpty(); i++) {
            tend.accept(due.remove());
        }
        if (!due.isEmpty()) {
            timers.startSingleTimer(Wake.WAKE, PAUSE);
        } else if (next.shard() < RetentionDirectory.SHARDS) {
            read(next);
        } else {
            timers.startSingleTimer(new Read(0, ""), every);
        }
        return this;
    }
}
