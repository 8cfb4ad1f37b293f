package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has happened to a bot; times are ms since the epoch and already decided. */
sealed interface BotEvent {
    /** It was registered, changed, or brought back. */
    record Registered(long at, BotConfig config) implements BotEvent {}

    /** It is no more to run. */
    record Archived(long at) implements BotEvent {}

    /** It is to rest. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Paused(long at, @Nullable String reason) implements BotEvent {}

    /** It may run again; errors are forgotten. */
    record Resumed(long at) implements BotEvent {}

    /**
     * A run was granted: its lease begins.
     *
     * @param run the run's id
     * @param epoch one more than the run before
     * @param node the node that grants it
     * @param worker who runs it, null where the node itself does
     * @param because why it began, null for events
     * @param slot the slot of the schedule that it takes, and with it all before that; null if it takes none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunStarted(
            long at,
            String run,
            long epoch,
            String node,
            @Nullable String worker,
            long readUntil,
            long deadline,
            @Nullable RunReason because,
            @Nullable Long slot)
            implements BotEvent {}

    /** Its run has come further, by queue. */
    record Checkpointed(long at, long epoch, Map<String, Checkpoint> read) implements BotEvent {}

    /** It wrote to a queue for the first time. */
    record Wrote(String queue) implements BotEvent {}

    /**
     * Its run's lease is over: nothing of that epoch is taken any more.
     *
     * @param backoffUntil when the next run may start, 0 for at once
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunEnded(long at, long epoch, How how, @Nullable String error, long backoffUntil) implements BotEvent {}

    /** How a run ended. */
    enum How {
        @JsonProperty("ok")
        OK,
        @JsonProperty("error")
        ERROR,
        /** Its deadline passed. */
        @JsonProperty("expired")
        EXPIRED,
        /** Its worker or node was not heard of any more. */
        @JsonProperty("lost")
        LOST,
        /** Somebody killed it. */
        @JsonProperty("killed")
        KILLED,
        /** Somebody moved a checkpoint or changed the registration. */
        @JsonProperty("superseded")
        SUPERSEDED;

        boolean isFailure() {
            return this == ERROR || this == EXPIRED;
        }
    }

    /**
     * An event fails alone, or is about to be tried alone, or a verdict on it was passed.
     *
     * @param queue where it stands
     * @param suspect what is known of it now
     * @param errors errors in a row, now
     * @param failedAll whether it is disposed of because all attempts failed
     */
    record Suspected(long at, long epoch, String queue, Suspect suspect, int errors, boolean failedAll)
            implements BotEvent {}

    /**
     * Dead letters are about to be redriven.
     *
     * @param queue where they go
     * @param until when whoever does it has given up
     */
    record RedriveBegun(long at, String queue, long number, Letters letters, long until) implements BotEvent {}

    /** They were, or weren't. */
    record RedriveEnded(long at, long number, boolean done) implements BotEvent {}

    /** Somebody has done with dead letters without redriving them. */
    record DeadPurged(long at, Letters letters) implements BotEvent {}

    /**
     * Somebody moved a read checkpoint: a new generation of positions begins.
     *
     * @param by who, null if they didn't say
     * @param undoes the entry of the ledger that this undoes, null if none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CheckpointSet(
            long at,
            String queue,
            Checkpoint checkpoint,
            @Nullable String reason,
            @Nullable String by,
            @Nullable Long undoes)
            implements BotEvent {
        CheckpointSet(long at, String queue, Checkpoint checkpoint, @Nullable String reason) {
            this(at, queue, checkpoint, reason, null, null);
        }
    }

    /** A range could be replayed, if somebody starts that in time. */
    record ReplayPlanned(long at, Replaying.Plan plan, long expiresAt) implements BotEvent {}

    /** A replay begins: its events go by a queue that the bot reads besides. */
    record ReplayBegun(long at, long number, String into) implements BotEvent {}

    /**
     * The next events of a replay are being copied, those of the step before are.
     *
     * @param upTo the last of them, in the queue that is replayed
     * @param events how many
     */
    record ReplayStepped(long number, long step, EventId upTo, long events) implements BotEvent {}

    /**
     * All events of a replay are copied.
     *
     * @param end the last of them, in the queue that they go by; null if there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReplayCopied(long number, @Nullable EventId end) implements BotEvent {}

    /** A replay is over. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReplayEnded(
            long at,
            long number,
            Replaying.Phase how,
            @Nullable String error) implements BotEvent {}

    /**
     * Its run would have read what retention has removed.
     *
     * @param to the oldest event that is kept, where it went on
     */
    record Skipped(long at, String queue, EventId to) implements BotEvent {}
}
