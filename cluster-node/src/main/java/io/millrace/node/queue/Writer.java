package io.millrace.node.queue;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;

/**
 * The write checkpoint of one bot.
 *
 * @param last the last event it wrote
 * @param records events it wrote
 * @param source ms: the source timestamp of the last append
 * @param at ms: when it last wrote
 */
record Writer(EventId last, long records, long source, long at) {
    Checkpoint toCheckpoint() {
        return new Checkpoint(Position.of(last), records, source, at, at);
    }
}
