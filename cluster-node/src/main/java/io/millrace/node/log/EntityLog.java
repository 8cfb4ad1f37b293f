package io.millrace.node.log;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Persists what a front actor has decided, one commit at a time. Any failure of the journal ends it: the next one claims
 * the log anew, so that nobody has to guess what became of a write.
 */
final class EntityLog<M, E, S> extends EventSourcedBehavior<EntityLog.Commit<E>, E, S> {
    /** Records to make durable together. */
    record Commit<E>(List<E> records) implements NoSerializationVerificationNeeded {}

    /** No restart, and not the stack trace of each that stops in an outage: the keeper tells of it. */
    private static final BackoffSupervisorStrategy STOP_SILENTLY = SupervisorStrategy.restartWithBackoff(
                    Duration.ofSeconds(1), Duration.ofSeconds(1), 0)
            .withMaxRestarts(0)
            .withLoggingEnabled(false);

    private final LogRules<E, S> rules;
    private final FrontMessages<M, S> messages;
    private final ActorRef<M> front;

    private EntityLog(String log, LogRules<E, S> rules, FrontMessages<M, S> messages, ActorRef<M> front) {
        super(PersistenceId.ofUniqueId(log), STOP_SILENTLY);
        this.rules = rules;
        this.messages = messages;
        this.front = front;
    }

    static <M, E, S> Behavior<Commit<E>> create(
            String log, LogRules<E, S> rules, FrontMessages<M, S> messages, ActorRef<M> front) {
        return Behaviors.setup(context -> new EntityLog<>(log, rules, messages, front));
    }

    @Override
    public S emptyState() {
        return rules.empty();
    }

    @Override
    public CommandHandler<Commit<E>, E, S> commandHandler() {
        return (state, commit) -> Effect()
                .persist(commit.records())
                .thenRun(next -> front.tell(messages.persisted().apply(next)));
    }

    @Override
    public EventHandler<S, E> eventHandler() {
        return rules.apply()::apply;
    }

    @Override
    public SignalHandler<S> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(
                        RecoveryCompleted.instance(),
                        state -> front.tell(messages.recovered().apply(state)))
                .onSignal(
                        SnapshotCompleted.class,
                        (state, saved) -> rules.snapshotSaved()
                                .accept(state, saved.getSnapshotMetadata().sequenceNr()))
                .build();
    }

    @Override
    public boolean shouldSnapshot(S state, E event, long sequence) {
        return rules.snapshotDue().after(state, event, sequence);
    }
}
