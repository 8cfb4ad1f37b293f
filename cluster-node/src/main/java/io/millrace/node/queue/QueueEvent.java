package io.millrace.node.queue;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.EventId;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.QueueConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a queue; ids and times are already decided.
 *
 * <p>Every one tells the last id given and the number of events ever taken up to and including itself, so that a position
 * can be searched for over all records of the log.
 */
sealed interface QueueEvent {
    /** The last id given so far. */
    EventId last();

    /** How many events the queue has taken so far. */
    long ordinal();

    /**
     * Events were taken.
     *
     * @param at ms since the epoch
     * @param events how many, 0 where all were repetitions
     * @param bytes stored bytes of the blocks
     * @param takes the appends that this record ends
     * @param blocks the events, stamped; what readers read, and no part of the state
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Appended(
            long at,
            EventId last,
            long ordinal,
            int events,
            int bytes,
            List<Take> takes,
            @JsonIgnore List<Block> blocks)
            implements QueueEvent {
        @SuppressWarnings("ConstantValue") // a record read back has no blocks: its body is read by readers only
        public Appended {
            blocks = blocks == null ? List.of() : blocks;
        }
    }

    /** It was made, configured anew, or brought back. */
    record Configured(long at, EventId last, long ordinal, QueueConfig config) implements QueueEvent {}

    /** It takes no more events. */
    record Archived(long at, EventId last, long ordinal) implements QueueEvent {}

    /** All events up to now are gone. */
    record Purged(long at, EventId last, long ordinal) implements QueueEvent {}

    /**
     * Its oldest events are gone, whole parts of the log at a time.
     *
     * @param floor the last record whose events are gone
     * @param floorOrdinal events that are gone, of all ever taken
     * @param gone the newest of them
     * @param first the oldest event that is kept, null if none is
     * @param bytes stored bytes of those that went now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Trimmed(
            long at,
            EventId last,
            long ordinal,
            long floor,
            long floorOrdinal,
            EventId gone,
            @Nullable EventId first,
            long bytes)
            implements QueueEvent {}

    /** A bot is triggered by it. */
    record Subscribed(EventId last, long ordinal, String bot) implements QueueEvent {}

    /** A bot is no longer triggered by it. */
    record Unsubscribed(EventId last, long ordinal, String bot) implements QueueEvent {}

    /**
     * The runs of a bot before an epoch are over.
     *
     * @param generation of the bot's positions
     */
    record Fenced(EventId last, long ordinal, String bot, long generation, long epoch) implements QueueEvent {}

    /**
     * One append that was taken.
     *
     * @param events how many of its events were new
     * @param repeated how many were dropped as repetitions
     * @param first the first new event
     * @param writer the bot that wrote
     * @param source the greatest source timestamp of the new events, ms
     * @param sequence the producer's number of it
     * @param run the run that it was done for
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Take(
            int events,
            int repeated,
            @Nullable EventId first,
            @Nullable String writer,
            long source,
            @Nullable Sequence sequence,
            @Nullable Run run) {
        @JsonIgnore
        @Nullable
        EventId last() {
            return first == null ? null : first.plus(events - 1L);
        }
    }

    /**
     * A producer's number.
     *
     * @param hash of the content, to tell a repetition from something else
     */
    record Sequence(String producer, long number, long hash) {}

    /**
     * A run of a bot, and how far its output here goes back to its source queues.
     *
     * @param marks the high-water marks after it
     */
    record Run(String bot, long generation, long epoch, List<Mark> marks) {}

    /** The furthest source position whose output is in this queue. */
    record Mark(String source, EventId position) {}
}
