package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import org.jspecify.annotations.Nullable;

/**
 * How much of a queue's oldest events is to go.
 *
 * @param from the floor that this was found at
 * @param floor the last record to go
 * @param floorOrdinal events that are gone then, of all ever taken
 * @param gone the newest of them
 * @param first the oldest event that is kept, null if there was none
 * @param bytes stored bytes of the events that go
 */
record Cut(
        long from,
        long floor,
        long floorOrdinal,
        EventId gone,
        @Nullable EventId first,
        long bytes) {
    /** Removes nothing: its record only has the state saved, without which what is gone can't be removed for good. */
    static Cut nothing(QueueState state) {
        return new Cut(state.floor(), state.floor(), state.floorOrdinal(), state.gone(), state.first(), 0);
    }

    /** Whether the queue still stands where this was found. */
    boolean fits(QueueState state) {
        return from == state.floor() && (first != null || state.ordinal() == floorOrdinal);
    }
}
