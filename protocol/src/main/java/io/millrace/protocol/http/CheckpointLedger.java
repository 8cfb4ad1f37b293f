package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.millrace.protocol.Position;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has moved a bot's read checkpoints other than its own runs ({@code GET /v1/bots/{bot}/checkpoints}), newest first; the
 * last 50 are kept.
 */
public record CheckpointLedger(List<Move> moves) {
    /** What a move was. */
    public enum Kind {
        /** Somebody set the checkpoint. */
        @JsonProperty("set")
        SET,
        /** Somebody undid a move. */
        @JsonProperty("undo")
        UNDO,
        /** Retention has removed what the bot would have read next; it went on at the oldest event that is kept. */
        @JsonProperty("skip")
        SKIP
    }

    /**
     * One move.
     *
     * @param entry its number, to undo it by
     * @param at when
     * @param kind what it was
     * @param queue the queue whose checkpoint it was
     * @param by who, as they have said
     * @param reason why, as they have said; 500 characters are kept
     * @param from the checkpoint before, absent if there was none
     * @param to the checkpoint after; where retention made the bot skip, the event at which it went on
     * @param epoch of the bot's last run before
     * @param generation of the bot's positions from then on; a set-back opens a new one, so that the bot emits again
     * @param undoes the entry that it undid
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Move(
            long entry,
            Instant at,
            Kind kind,
            String queue,
            @Nullable String by,
            @Nullable String reason,
            @Nullable Position from,
            Position to,
            long epoch,
            long generation,
            @Nullable Long undoes) {}

    /**
     * Undoes a move ({@code POST /v1/bots/{bot}/checkpoints/{queue}/undo}).
     *
     * @param entry the move's number
     * @param reason why, at most 2000 characters
     * @param by who asks, at most 200 characters
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Undo(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            Long entry,

            @Nullable String reason,
            @Nullable String by) {}

    /**
     * A run tells that retention has removed what it would have read next ({@code POST /v1/runs/{run}/skipped}).
     *
     * @param queue where
     * @param to the oldest event that is kept, as {@link Headers#SKIPPED_TO} told it
     */
    public record Skip(
            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            String queue,

            @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
            io.millrace.protocol.EventId to) {}
}
