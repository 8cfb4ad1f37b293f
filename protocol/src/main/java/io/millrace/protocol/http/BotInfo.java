package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.RunReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bot as it stands: its registration, and how it is doing.
 *
 * @param bot its name
 * @param config its registration, its fields beside these on the wire
 * @param state {@code nominal}, {@code warning}, {@code error} or {@code rogue}
 * @param flags of {@code running}, {@code paused}, {@code archived}, {@code backing-off}
 * @param pauseReason why it is paused
 * @param errorCount errors in a row
 * @param lastError what the last failed run said
 * @param backoffUntil when it is tried again
 * @param epoch the epoch of its last run
 * @param run the run under way
 * @param checkpoints how far it has come
 * @param lag by trigger queue
 * @param nextRuns the next five slots of its schedule, if it has one; while it is paused none of them is taken
 * @param failing events that fail or have failed, null for none
 * @param runs counts since it was registered
 * @param writeLag by queue that it writes to, as registered or found
 * @param rates what it has done lately; null where that isn't known
 * @param asOf in lists: when this was noted, a few seconds ago or when it last changed. Its lag, state and rates are
 *     reckoned to the moment of the answer all the same
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BotInfo(
        String bot,
        @JsonUnwrapped BotConfig config,
        String state,
        List<String> flags,
        @Nullable String pauseReason,
        int errorCount,
        @Nullable String lastError,
        @Nullable Instant backoffUntil,
        long epoch,
        @Nullable Run run,
        Checkpoints checkpoints,
        Map<String, Lag> lag,
        @Nullable List<Instant> nextRuns,
        @Nullable Failing failing,
        Runs runs,
        Map<String, WriteLag> writeLag,
        @Nullable Rates rates,
        @Nullable Instant asOf) {

    /** Of a bot of whose writing and whose past nothing is known. */
    public BotInfo(
            String bot,
            BotConfig config,
            String state,
            List<String> flags,
            @Nullable String pauseReason,
            int errorCount,
            @Nullable String lastError,
            @Nullable Instant backoffUntil,
            long epoch,
            @Nullable Run run,
            Checkpoints checkpoints,
            Map<String, Lag> lag,
            @Nullable List<Instant> nextRuns,
            @Nullable Failing failing,
            Runs runs) {
        this(
                bot,
                config,
                state,
                flags,
                pauseReason,
                errorCount,
                lastError,
                backoffUntil,
                epoch,
                run,
                checkpoints,
                lag,
                nextRuns,
                failing,
                runs,
                Map.of(),
                null,
                null);
    }

    /** The same bot at another moment. */
    public BotInfo with(
            String newState,
            List<String> newFlags,
            @Nullable Instant newBackoffUntil,
            Map<String, Lag> newLag,
            Map<String, WriteLag> newWriteLag,
            @Nullable Rates newRates,
            @Nullable Instant newAsOf) {
        return new BotInfo(
                bot,
                config,
                newState,
                newFlags,
                pauseReason,
                errorCount,
                lastError,
                newBackoffUntil,
                epoch,
                run,
                checkpoints,
                newLag,
                nextRuns,
                failing,
                runs,
                newWriteLag,
                newRates,
                newAsOf);
    }

    /**
     * The run under way.
     *
     * @param because why it began
     * @param slot the slot of the schedule that it began for, if it did
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Run(
            String run,
            long epoch,
            @Nullable String node,
            @Nullable String worker,
            Instant startedAt,
            Instant readUntil,
            Instant deadline,
            RunReason because,
            @Nullable Instant slot) {}

    /** By queue. */
    public record Checkpoints(Map<String, Checkpoint> read, Map<String, Checkpoint> write) {}

    /**
     * How far behind.
     *
     * @param events events that wait
     * @param seconds 0 when none wait, else the age of the source of what was last read; where nothing was read yet the age of
     *     the oldest event that waits
     * @param catchUp how long until none wait if it goes on as in the last 10 to 60 seconds, by how the number of those that
     *     wait has changed in that time; zero when none wait; null if it would never come to that, or it isn't known yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Lag(long events, double seconds, @Nullable Duration catchUp) {
        /** Without an estimate. */
        public Lag(long events, double seconds) {
            this(events, seconds, null);
        }
    }

    /**
     * How long it hasn't written.
     *
     * @param seconds since its last write; since its registration where it was registered to write and never did
     */
    public record WriteLag(double seconds) {}

    /** What it has done in the last minute, the last 15 and the last 60; the oldest twelfth or fifteenth may be missing. */
    public record Rates(Counts minute, Counts quarterHour, Counts hour) {}

    /**
     * What it has done in a time.
     *
     * @param read events it has read
     * @param written events it has written
     * @param runs runs that began
     * @param errors runs that failed
     */
    public record Counts(long read, long written, long runs, long errors) {}

    /**
     * Events that fail or have failed.
     *
     * @param suspects by queue, the event that bars the way
     * @param deadLettered how many went to the dead letters
     * @param skipped how many were passed without being handled
     * @param settledUpTo dead letters up to here were redriven or purged
     * @param settled others that were
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Failing(
            Map<String, Suspect> suspects,
            long deadLettered,
            long skipped,
            @Nullable Position settledUpTo,
            List<EventId> settled) {}

    /**
     * An event that fails.
     *
     * @param attempts how often it was tried
     * @param firstAt when it first failed
     * @param lastAt when it last did
     * @param error what it failed with; null while the first attempt is under way, or when its run was lost
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Suspect(
            EventId eid,
            int attempts,
            Instant firstAt,
            Instant lastAt,
            @Nullable String error) {}

    /** Counts since the registration. */
    public record Runs(long total, long failed) {}
}
