package io.millrace.node.bot;

import io.millrace.node.application.RunRef;
import io.millrace.node.cluster.Refusable;
import io.millrace.node.cluster.Wire;
import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.log.Look;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.NotInfluenceReceiveTimeout;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a bot can be told. */
sealed interface BotCommand {
    /** What is sent from another node or actor, and answered. */
    sealed interface Request extends BotCommand, Refusable {
        ActorRef<BotReply> replyTo();

        @Override
        default void refuse(Problem problem) {
            replyTo().tell(new BotReply.Refused(problem));
        }
    }

    /** What is told to the bot from elsewhere, without an answer. */
    sealed interface Signal extends BotCommand, Wire {}

    record Register(BotConfig config, @Nullable String ifMatch, ActorRef<BotReply> replyTo) implements Request {}

    record Describe(ActorRef<BotReply> replyTo) implements Request {}

    record Archive(ActorRef<BotReply> replyTo) implements Request {}

    record Pause(@Nullable String reason, ActorRef<BotReply> replyTo) implements Request {}

    record Resume(ActorRef<BotReply> replyTo) implements Request {}

    /** Start a run whether or not events wait. */
    record RunNow(ActorRef<BotReply> replyTo) implements Request {}

    record Kill(ActorRef<BotReply> replyTo) implements Request {}

    /** An administrator moves a read checkpoint. */
    record Reset(
            String queue,
            Position position,
            @Nullable String reason,
            @Nullable String by,
            ActorRef<BotReply> replyTo) implements Request {}

    /** An administrator undoes an entry of the ledger. */
    record Undo(
            String queue,
            long entry,
            @Nullable String reason,
            @Nullable String by,
            ActorRef<BotReply> replyTo) implements Request {}

    /** A range could be replayed; its number is yet to be given. */
    record PlanReplay(Replaying.Plan plan, ActorRef<BotReply> replyTo) implements Request {}

    record StartReplay(String bot, long number, ActorRef<BotReply> replyTo) implements Request {}

    record CancelReplay(long number, ActorRef<BotReply> replyTo) implements Request {}

    record GetMoves(ActorRef<BotReply> replyTo) implements Request {}

    /** A run had to skip what retention has removed. */
    record Skip(long epoch, String run, String queue, EventId to, ActorRef<BotReply> replyTo) implements Request {}

    record GetRuns(ActorRef<BotReply> replyTo) implements Request {}

    /** Why doesn't it run? */
    record Explain(ActorRef<BotReply> replyTo) implements Request {}

    /**
     * A worker asks for a run.
     *
     * @param waitMillis how long it waits for one
     */
    record Ask(String worker, long waitMillis, ActorRef<BotReply> replyTo) implements Request {}

    /** Who asked has gone: nothing is to be granted there. */
    record Unask(ActorRef<BotReply> asker) implements Signal {}

    record Heartbeat(long epoch, String run, ActorRef<BotReply> replyTo) implements Request {}

    /** A run has come further. */
    record MoveCheckpoints(long epoch, String run, Map<String, Checkpoint> read, ActorRef<BotReply> replyTo)
            implements Request {}

    /**
     * A run is over.
     *
     * @param error what went wrong, null if nothing did
     * @param waitMillis how long its handler wants it to wait at least, after an error
     */
    record Complete(
            long epoch,
            String run,
            @Nullable String error,
            Map<String, Checkpoint> read,
            long waitMillis,
            ActorRef<BotReply> replyTo)
            implements Request {}

    /**
     * A run has found an event that fails alone, or is about to try one.
     *
     * @param error what it failed with, null before it is tried
     * @param handled events that were handled well before
     * @param waitMillis how long its handler wants to wait at least
     */
    record Judge(
            long epoch,
            String run,
            String queue,
            EventId eid,
            @Nullable String error,
            boolean rejected,
            long handled,
            long waitMillis,
            Map<String, Checkpoint> read,
            ActorRef<BotReply> replyTo)
            implements Request {
        static Judge of(RunRef run, RunProtocol.Suspicion suspicion, ActorRef<BotReply> replyTo) {
            Long handled = suspicion.handled();
            Duration wait = suspicion.retryAfter();
            Map<String, Checkpoint> read = suspicion.checkpoints();
            return new Judge(
                    run.epoch(),
                    run.run(),
                    suspicion.queue(),
                    suspicion.eid(),
                    suspicion.error(),
                    Boolean.TRUE.equals(suspicion.rejected()),
                    handled == null ? 0 : handled,
                    wait == null ? 0 : wait.toMillis(),
                    read == null ? Map.of() : read,
                    replyTo);
        }
    }

    /**
     * Dead letters are to be redriven.
     *
     * @param queue where they go
     */
    record BeginRedrive(String queue, Letters letters, ActorRef<BotReply> replyTo) implements Request {}

    /** A redrive was done, or nobody does it any more. */
    record EndRedrive(long number, boolean done, ActorRef<BotReply> replyTo) implements Request {}

    /** Dead letters are done with. */
    record Purge(Letters letters, ActorRef<BotReply> replyTo) implements Request {}

    /** A run is about to write to a queue for the first time. */
    record Admit(long epoch, String run, String queue, ActorRef<BotReply> replyTo) implements Request {}

    /** A queue says that it takes nothing of runs before an epoch any more. */
    record Fenced(String queue, long epoch) implements Signal, NotInfluenceReceiveTimeout {}

    /** A trigger queue says that events wait. */
    record Wake(String queue) implements Signal {}

    /** A trigger queue says that none do, and that it will wake the bot. */
    record Asleep(String queue) implements Signal, NotInfluenceReceiveTimeout {}

    /** A trigger queue says that it is paused, and that it will have the bot look when that is over. */
    record Held(String queue) implements Signal, NotInfluenceReceiveTimeout {}

    /** A queue says that the bot wrote to it for the first time. */
    record Wrote(String queue) implements Signal, NotInfluenceReceiveTimeout {}

    /**
     * It is asked to look for itself: at one of its queues, whose newest event it is told, so that no other message has to
     * arrive; or at all of them. The sweeper asks, or a queue that was paused and is so no more.
     *
     * @param queue null for all
     * @param last the queue's newest event, null where {@code queue} is
     */
    record Check(@Nullable String queue, @Nullable EventId last) implements Signal, NotInfluenceReceiveTimeout {
        static final Check ALL = new Check(null, null);
    }

    /** A slot of its schedule has come, says who watches the time. */
    record SlotCame() implements Signal, NotInfluenceReceiveTimeout {}

    /** The entity is to stop. */
    enum Stop implements BotCommand, Wire {
        STOP
    }

    /** What the actor tells itself. */
    sealed interface Internal extends BotCommand, NoSerializationVerificationNeeded, NotInfluenceReceiveTimeout {}

    /** The log was read. */
    record Recovered(BotState state) implements Internal {}

    /** What was handed to the log is durable. */
    record Persisted(BotState state) implements Internal {}

    /** A look at the log has ended. */
    record Looked(Look look) implements Internal {}

    /** Time to claim the log again. */
    enum Restart implements Internal {
        RESTART
    }

    /** What is under way at the end has had its time. */
    enum StopNow implements Internal {
        STOP_NOW
    }

    /** The plan of schedules was told, or wasn't. */
    record Planned(@Nullable ScheduledBot scheduled, boolean durable) implements Internal {}

    /** A slot of its schedule may have come. */
    enum SlotTime implements Internal {
        SLOT_TIME
    }

    /** A step of a replay was done, or wasn't: to be noted. */
    record Replayed(Runnable note) implements Internal {}

    /** Time to look at deadlines. */
    enum Tick implements Internal {
        TICK
    }

    /** Nothing came for a while. */
    enum Idle implements Internal {
        IDLE
    }
}
