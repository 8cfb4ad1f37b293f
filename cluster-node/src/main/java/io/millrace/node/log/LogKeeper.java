package io.millrace.node.log;

import io.millrace.node.journal.FencedException;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an entity's log running: each start claims it anew, and after failures the next one waits longer. The front actor
 * hears of a log's end as {@link ChildFailed}. Confined to the front actor.
 */
public final class LogKeeper<M, E, S> {
    private static final Duration FIRST_RESTART = Duration.ofMillis(200);
    private static final Duration LAST_RESTART = Duration.ofSeconds(5);

    private final ActorContext<M> context;
    private final TimerScheduler<M> timers;
    private final String log;
    private final LogRules<E, S> rules;
    private final FrontMessages<M, S> messages;
    private @Nullable ActorRef<EntityLog.Commit<E>> running;
    private Duration restartAfter = FIRST_RESTART;

    /** Nothing begins before {@link #start}. */
    public LogKeeper(
            ActorContext<M> context,
            TimerScheduler<M> timers,
            String log,
            LogRules<E, S> rules,
            FrontMessages<M, S> messages) {
        this.context = context;
        this.timers = timers;
        this.log = log;
        this.rules = rules;
        this.messages = messages;
    }

    /** Claims the log and reads it. */
    public void start() {
        ActorRef<EntityLog.Commit<E>> started =
                context.spawnAnonymous(EntityLog.create(log, rules, messages, context.getSelf()));
        context.watch(started);
        running = started;
    }

    /** To be called when the front actor has heard that the log was read. */
    public void recovered() {
        restartAfter = FIRST_RESTART;
    }

    /** Has records made durable, one or more, all or none. One commit at a time, and none before the log was read. */
    public void commit(List<E> records) {
        if (running == null) {
            throw new AssertionError("a commit without a log");
        }
        running.tell(new EntityLog.Commit<>(records));
    }

    /** {@return whether somebody else owns the log: claiming it again would take it from its rightful owner} */
    public static boolean isTaken(ChildFailed ended) {
        return FencedException.isCauseOf(ended.cause());
    }

    /** Begins again after a pause. */
    public void restartLater(ChildFailed ended) {
        running = null;
        OutageWarnings.SHARED.failed(log, ended.cause(), restartAfter);
        timers.startSingleTimer(messages.restart(), restartAfter);
        Duration doubled = restartAfter.multipliedBy(2);
        restartAfter = doubled.compareTo(LAST_RESTART) > 0 ? LAST_RESTART : doubled;
    }
}
