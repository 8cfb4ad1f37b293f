package io.millrace.node.queue;

import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Persists what the front actor has decided, one commit at a time, and holds the state that it decides on. Any failure of
 * the journal ends it; the front actor starts a new one, which claims the log anew.
 */
final class QueueLog extends EventSourcedBehavior<QueueLog.Commit, QueueEvent, QueueState> {
    /** Records to make durable together. */
    record Commit(List<QueueEvent> records) implements NoSerializationVerificationNeeded {}

    private final ActorRef<QueueCommand> front;

    private QueueLog(String log, ActorRef<QueueCommand> front) {
        super(PersistenceId.ofUniqueId(log));
        this.front = front;
    }

    static Behavior<Commit> create(String log, ActorRef<QueueCommand> front) {
        return Behaviors.setup(context -> new QueueLog(log, front));
    }

    @Override
    public QueueState emptyState() {
        return QueueState.EMPTY;
    }

    @Override
    public CommandHandler<Commit, QueueEvent, QueueState> commandHandler() {
        return (state, commit) ->
                Effect().persist(commit.records()).thenRun(next -> front.tell(new QueueCommand.Persisted(next)));
    }

    @Override
    public EventHandler<QueueState, QueueEvent> eventHandler() {
        return QueueState::apply;
    }

    @Override
    public SignalHandler<QueueState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> front.tell(new QueueCommand.Recovered(state)))
                .build();
    }

    @Override
    public boolean shouldSnapshot(QueueState state, QueueEvent event, long sequence) {
        return state.isSnapshotDue() || event instanceof QueueEvent.Purged;
    }
}
