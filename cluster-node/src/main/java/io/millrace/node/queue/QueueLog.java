package io.millrace.node.queue;

import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Persists what the front actor has decided, one commit at a time, and holds the state that it decides on. Any failure of
 * the journal ends it; the front actor starts a new one, which claims the log anew.
 */
final class QueueLog extends EventSourcedBehavior<QueueLog.Commit, QueueEvent, QueueState> {
    /** Records to make durable together. */
    record Commit(List<QueueEvent> records) implements NoSerializationVerificationNeeded {}

    private static final Logger LOG = LoggerFactory.getLogger(QueueLog.class);

    private final String log;
    private final LogTruncation truncation;
    private final ActorRef<QueueCommand> front;
    private volatile long truncated;

    private QueueLog(String log, LogTruncation truncation, ActorRef<QueueCommand> front) {
        super(PersistenceId.ofUniqueId(log));
        this.log = log;
        this.truncation = truncation;
        this.front = front;
    }

    static Behavior<Commit> create(String log, LogTruncation truncation, ActorRef<QueueCommand> front) {
        return Behaviors.setup(context -> new QueueLog(log, truncation, front));
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
                .onSignal(SnapshotCompleted.class, this::onSnapshot)
                .build();
    }

    /** What the state calls gone may go for good once no recovery needs it. A failure leaves it to the next snapshot. */
    private void onSnapshot(QueueState state, SnapshotCompleted saved) {
        long floor = state.floor();
        if (floor > truncated && saved.getSnapshotMetadata().sequenceNr() >= floor) {
            truncation.truncate(log, floor).whenComplete((done, failure) -> {
                if (failure == null) {
                    truncated = floor;
                } else {
                    LOG.warn("the purged records of {} could not be removed yet", log, failure);
                }
            });
        }
    }

    @Override
    public boolean shouldSnapshot(QueueState state, QueueEvent event, long sequence) {
        return state.isSnapshotDue() || event instanceof QueueEvent.Purged;
    }
}
