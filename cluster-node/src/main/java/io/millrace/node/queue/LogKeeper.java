package io.millrace.node.queue;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** Keeps a queue's log running: each start claims it anew, and after failures the next one waits longer. */
final class LogKeeper {
    private static final Duration FIRST_RESTART = Duration.ofMillis(200);
    private static final Duration LAST_RESTART = Duration.ofSeconds(5);

    private final ActorContext<QueueCommand> context;
    private final TimerScheduler<QueueCommand> timers;
    private final QueueContext queue;
    private @Nullable ActorRef<QueueLog.Commit> log;
    private boolean registered;
    private Duration restartAfter = FIRST_RESTART;

    LogKeeper(ActorContext<QueueCommand> context, TimerScheduler<QueueCommand> timers, QueueContext queue) {
        this.context = context;
        this.timers = timers;
        this.queue = queue;
    }

    void start() {
        ActorRef<QueueLog.Commit> started =
                context.spawnAnonymous(QueueLog.create(queue.log(), queue.truncation(), context.getSelf()));
        context.watch(started);
        log = started;
    }

    /** It has recovered; a queue with a past is in the directory. */
    void recovered(QueueState state) {
        restartAfter = FIRST_RESTART;
        registered = state.exists() || !state.subscribers().isEmpty();
    }

    /** Has records made durable; before a queue's first ones {@link QueueCommand.Registered} comes back. */
    void commit(List<QueueEvent> records) {
        if (registered) {
            send(records);
        } else {
            // The name comes first: a queue that isn't listed would be worse than a listed name without a queue.
            context.pipeToSelf(
                    queue.register(), (done, failure) -> new QueueCommand.Registered(records, failure == null));
        }
    }

    /** The queue's name is in the directory. */
    void registered(List<QueueEvent> records) {
        registered = true;
        send(records);
    }

    private void send(List<QueueEvent> records) {
        if (log == null) {
            throw new AssertionError("a commit without a log");
        }
        log.tell(new QueueLog.Commit(records));
    }

    void restartLater(Throwable cause) {
        // One line: the actor that failed has told the whole of it, and in an outage this comes from every queue.
        context.getLog()
                .warn(
                        "Queue {} lost its log ({}); claiming it again in {}",
                        queue.name(),
                        cause.toString(),
                        restartAfter);
        timers.startSingleTimer(QueueCommand.Restart.RESTART, restartAfter);
        Duration doubled = restartAfter.multipliedBy(2);
        restartAfter = doubled.compareTo(LAST_RESTART) > 0 ? LAST_RESTART : doubled;
    }
}
