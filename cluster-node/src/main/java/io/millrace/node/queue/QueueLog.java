package io.millrace.node.queue;

import io.millrace.node.log.FrontMessages;
import io.millrace.node.log.LogKeeper;
import io.millrace.node.log.LogRules;
import java.util.List;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** A queue's log. Before its first records the queue's name comes into the directory. */
final class QueueLog {
    private static final FrontMessages<QueueCommand, QueueState> MESSAGES =
            new FrontMessages<>(QueueCommand.Recovered::new, QueueCommand.Persisted::new, QueueCommand.Restart.RESTART);

    private final ActorContext<QueueCommand> context;
    private final QueueContext queue;
    private final LogKeeper<QueueCommand, QueueEvent, QueueState> keeper;
    private final PurgedRecords purged;
    private boolean registered;

    QueueLog(ActorContext<QueueCommand> context, TimerScheduler<QueueCommand> timers, QueueContext queue) {
        this.context = context;
        this.queue = queue;
        purged = new PurgedRecords(queue.log(), queue.truncation());
        LogRules<QueueEvent, QueueState> rules = new LogRules<>(
                QueueState.EMPTY,
                QueueState::apply,
                (state, event, sequence) -> state.isSnapshotDue()
                        || event instanceof QueueEvent.Purged
                        || event instanceof QueueEvent.Trimmed,
                purged);
        keeper = new LogKeeper<>(context, timers, queue.log(), rules, MESSAGES);
    }

    /** Removes what the state calls gone, as far as a snapshot covers it. */
    PurgedRecords purged() {
        return purged;
    }

    void start() {
        keeper.start();
    }

    /** It was read; a queue with a past is in the directory. */
    void recovered(QueueState state) {
        keeper.recovered();
        registered = state.exists() || !state.subscribers().isEmpty();
    }

    /** Has records made durable; before a queue's first ones {@link QueueCommand.Registered} comes back. */
    void commit(List<QueueEvent> records) {
        if (registered) {
            keeper.commit(records);
        } else {
            // The name comes first: a queue that isn't listed would be worse than a listed name without a queue.
            context.pipeToSelf(
                    queue.register().thenApply(done -> true),
                    (done, failure) -> new QueueCommand.Registered(records, failure == null));
        }
    }

    /** The queue's name is in the directory. */
    void registered(List<QueueEvent> records) {
        registered = true;
        keeper.commit(records);
    }

    void restartLater(ChildFailed ended) {
        keeper.restartLater(ended);
    }
}
