package io.millrace.node.queue;

import io.millrace.node.application.Append;
import io.millrace.node.application.Cursor;
import io.millrace.node.cluster.Refusable;
import io.millrace.node.cluster.Wire;
import io.millrace.node.journal.LogTail;
import io.millrace.node.log.Look;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.QueueConfig;
import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.NotInfluenceReceiveTimeout;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a queue can be told. */
sealed interface QueueCommand {
    /** What is sent from another node or actor, and answered. */
    sealed interface Request extends QueueCommand, Refusable {
        ActorRef<QueueReply> replyTo();

        @Override
        default void refuse(Problem problem) {
            replyTo().tell(new QueueReply.Refused(problem));
        }
    }

    record AppendEvents(Append append, ActorRef<QueueReply> replyTo) implements Request {}

    /**
     * Reads on.
     *
     * @param waitMillis how long to wait for a first event at the tail
     */
    record Read(Cursor cursor, int maxBytes, long waitMillis, ActorRef<QueueReply> replyTo) implements Request {}

    record GetTail(ActorRef<QueueReply> replyTo) implements Request {}

    record Describe(ActorRef<QueueReply> replyTo) implements Request {}

    record Configure(QueueConfig config, @Nullable String ifMatch, ActorRef<QueueReply> replyTo) implements Request {}

    record Archive(boolean purge, ActorRef<QueueReply> replyTo) implements Request {}

    record GetProducer(String producer, ActorRef<QueueReply> replyTo) implements Request {}

    /** A bot is to be woken by events. */
    record Subscribe(String bot, ActorRef<QueueReply> replyTo) implements Request {}

    /** A bot is no longer to be woken. */
    record Unsubscribe(String bot, ActorRef<QueueReply> replyTo) implements Request {}

    /**
     * The runs of a bot before this epoch are over (design D4): nothing of theirs is to be taken any more. Once that is
     * durable the queue says so through {@link BotSignals}.
     */
    record Fence(String bot, long generation, long epoch, ActorRef<QueueReply> replyTo) implements Request {}

    /**
     * A bot found nothing more (design D8): it is subscribed if it isn't yet, and woken at once if there is something after
     * the position, else at the next append. The queue says which through {@link BotSignals}.
     */
    record Sleep(String bot, io.millrace.protocol.Position position) implements QueueCommand, Wire {}

    /** Events are old or many enough to go; the queue tells itself. */
    record Trim(Cut cut, ActorRef<QueueReply> replyTo) implements Request, NotInfluenceReceiveTimeout {}

    /** The queue may have events to remove, says who watches the time for queues at rest. */
    record Tend() implements QueueCommand, Wire, NotInfluenceReceiveTimeout {}

    /** The entity is to stop once what is under way is done. */
    enum Stop implements QueueCommand, Wire {
        STOP
    }

    /** What the actor tells itself. */
    sealed interface Internal extends QueueCommand, NoSerializationVerificationNeeded {}

    /** The log has recovered. */
    record Recovered(QueueState state) implements Internal {}

    /** The records of the commit under way are durable. */
    record Persisted(QueueState state) implements Internal {}

    /**
     * The queue's name is registered, or could not be.
     *
     * @param records the commit that waits for it
     */
    record Registered(List<QueueEvent> records, boolean done) implements Internal {}

    /** The oldest records were looked at; null if that failed. */
    record Aged(@Nullable Oldest oldest) implements Internal, NotInfluenceReceiveTimeout {}

    /** Where the log itself begins; null if that isn't known. */
    record Standing(@Nullable LogTail tail) implements Internal, NotInfluenceReceiveTimeout {}

    /** Time to see whether events are to go. */
    enum Retain implements Internal, NotInfluenceReceiveTimeout {
        RETAIN
    }

    /** A look at the log has ended. */
    record Looked(Look look) implements Internal {}

    /** Time to look at deadlines. */
    enum Tick implements Internal {
        TICK
    }

    /** The log may be started again. */
    enum Restart implements Internal {
        RESTART
    }

    /** Nothing came for a while. */
    enum Idle implements Internal {
        IDLE
    }
}
