package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.RunReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a worker and the bus say to each other about a run. */
public final class RunProtocol {
    private RunProtocol() {}

    /**
     * A worker asks for a run ({@code POST /v1/bots/{bot}/runs}).
     *
     * @param worker its name, at most 200 characters
     */
    public record Ask(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String worker) {}

    /**
     * A run is granted.
     *
     * @param run the run's id
     * @param token proves the run in {@link Headers#RUN}
     * @param bot the bot
     * @param epoch grows with every run of the bot
     * @param startedAt when the lease began
     * @param readUntil when to stop reading
     * @param deadline when the lease ends
     * @param heartbeatEvery how often to send a heartbeat; after three times as long without one the lease is lost
     * @param checkpoints where to go on, by trigger queue
     * @param triggers the queues to read; none where the handler is to be called once without events
     * @param batch the registration's batch limits
     * @param settings the registration's settings
     * @param because why it began
     * @param slot the slot of the schedule that it began for, if it did
     * @param suspects by queue, an event that has failed before: ask before it is tried again, alone; null for none
     * @param careful true if an event may have taken earlier runs with it: ask before each
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Grant(
            String run,
            String token,
            String bot,
            long epoch,
            Instant startedAt,
            Instant readUntil,
            Instant deadline,
            Duration heartbeatEvery,
            Map<String, Checkpoint> checkpoints,
            List<String> triggers,
            BotConfig.@Nullable Batch batch,
            JsonNode settings,
            RunReason because,
            @Nullable Instant slot,
            @Nullable Map<String, EventId> suspects,
            @Nullable Boolean careful) {}

    /**
     * The answer to a heartbeat.
     *
     * @param stop whether to finish now
     * @param deadline when the lease ends
     */
    public record Heartbeat(boolean stop, Instant deadline) {}

    /** Moves read checkpoints forward ({@code POST /v1/runs/{run}/checkpoint}), by queue. */
    public record Checkpoints(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            Map<String, Checkpoint> checkpoints) {}

    /**
     * Ends the run ({@code POST /v1/runs/{run}/complete}).
     *
     * @param status {@code ok} or {@code error}
     * @param message what went wrong, at most 2000 characters are kept
     * @param checkpoints last read checkpoints
     * @param retryAfter with an error, how long the bot is to rest at least, at most a day
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Complete(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            Status status,

            @Nullable String message,
            @Nullable Map<String, Checkpoint> checkpoints,
            @Nullable Duration retryAfter) {}

    /**
     * A run has found an event that fails alone, or is about to try one that has failed before ({@code POST
     * /v1/runs/{run}/suspect}). May be repeated.
     *
     * @param queue where it stands
     * @param eid its id
     * @param error what went wrong, at most 2000 characters are kept; null before it is tried again
     * @param rejected whether its handler says that it can never be handled
     * @param handled events that were handled well since the run began or last said so
     * @param retryAfter how long its handler wants it to wait at least, at most a day
     * @param checkpoints read checkpoints up to now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Suspicion(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String queue,

            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            EventId eid,

            @Nullable String error,
            @Nullable Boolean rejected,
            @Nullable Long handled,
            @Nullable Duration retryAfter,
            @Nullable Map<String, Checkpoint> checkpoints) {}

    /**
     * What is to be done about a suspect.
     *
     * @param attempts how often it has been tried, this time included
     * @param firstFailedAt when it first failed, null if it is to be tried for the first time
     * @param lastFailedAt when it last failed
     * @param error what it last failed with
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Verdict(
            Action action,
            int attempts,
            @Nullable Instant firstFailedAt,
            @Nullable Instant lastFailedAt,
            @Nullable String error) {}

    /** What is to be done about a suspect. */
    public enum Action {
        /** Try it, alone. */
        @JsonProperty("try")
        TRY,
        /** The run is over; another one tries it later. */
        @JsonProperty("retry")
        RETRY,
        /** The run is over and the bot paused. */
        @JsonProperty("stop")
        STOP,
        /** Pass it without handling it. */
        @JsonProperty("skip")
        SKIP,
        /** Have it in the queue of dead letters, then pass it. */
        @JsonProperty("deadLetter")
        DEAD_LETTER
    }

    /** How a run ended. */
    public enum Status {
        @JsonProperty("ok")
        OK,
        @JsonProperty("error")
        ERROR
    }

    /**
     * One of the last runs of a bot ({@code GET /v1/bots/{bot}/runs}).
     *
     * @param from when it started
     * @param to when it ended
     * @param records events it has read
     * @param outcome how it ended
     * @param error what went wrong
     * @param because why it began
     * @param slot the slot of the schedule that it began for, if it did
     * @param queues what it has read, by queue; null where that isn't known, as of a run whose node was lost
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Summary(
            String run,
            long epoch,
            @Nullable String worker,
            Instant from,
            Instant to,
            long records,
            String outcome,
            @Nullable String error,
            RunReason because,
            @Nullable Instant slot,
            @Nullable Map<String, Range> queues) {
        /** Of a run whose way through its queues isn't known. */
        public Summary(
                String run,
                long epoch,
                @Nullable String worker,
                Instant from,
                Instant to,
                long records,
                String outcome,
                @Nullable String error,
                RunReason because,
                @Nullable Instant slot) {
            this(run, epoch, worker, from, to, records, outcome, error, because, slot, null);
        }

        /** The same with its way through its queues. */
        public Summary with(@Nullable Map<String, Range> ranges) {
            return new Summary(run, epoch, worker, from, to, records, outcome, error, because, slot, ranges);
        }
    }

    /**
     * What a run has read of a queue.
     *
     * @param from the position before, exclusive
     * @param to the position after
     * @param records events between them
     */
    public record Range(Position from, Position to, long records) {}

    /** The last runs, newest first. */
    public record Summaries(List<Summary> runs) {}

    /**
     * An administrator moves a checkpoint ({@code PUT /v1/bots/{bot}/checkpoints/{queue}}).
     *
     * @param position an event id or a prefix of one, {@code beginning}, {@code now}, or an ISO-8601 instant
     * @param reason why, at most 2000 characters
     * @param by who asks, at most 200 characters
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reset(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String position,

            @Nullable String reason,
            @Nullable String by) {
        /** Without a name. */
        public Reset(String position, @Nullable String reason) {
            this(position, reason, null);
        }
    }

    /** Why a bot is paused, at most 2000 characters. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pause(@Nullable String reason) {}

    /**
     * What a change of many bots has done ({@code POST /v1/bots/pause?tag=} and the like).
     *
     * @param bots how many bots it meant, whether or not they were so already
     * @param next what to give as {@code after} to go on with the others, if there are more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Changed(int bots, @Nullable String next) {}
}
