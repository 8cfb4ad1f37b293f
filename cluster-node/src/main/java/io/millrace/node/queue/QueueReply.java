package io.millrace.node.queue;

import io.millrace.node.cluster.Wire;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a queue answers. */
sealed interface QueueReply extends Wire {
    /** Nothing was done. */
    record Refused(Problem problem) implements QueueReply {}

    /** The events are durable and readable. */
    record Taken(AppendResult result) implements QueueReply {}

    /**
     * Blocks from the window, none if there is nothing after the cursor.
     *
     * @param record the log's record to go on with
     */
    record Read(List<Block> blocks, @Nullable EventId last, long record, boolean atTail) implements QueueReply {}

    /**
     * What was asked for has left the window: it stands in the log.
     *
     * @param floor the last record whose events are gone
     * @param tail the last record
     * @param skippedTo the oldest event that is kept, if what the reader would have read next is gone; else null
     */
    record Behind(long floor, long tail, @Nullable EventId skippedTo) implements QueueReply {}

    /** As it stands; {@code created} tells whether the command made it. */
    record Info(QueueInfo info, long version, boolean created) implements QueueReply {}

    /** How far a producer has come. */
    record ProducerFound(ProducerInfo info) implements QueueReply {}

    /**
     * Where it ends.
     *
     * @param last the newest event; null where there is none
     * @param ordinal events ever taken
     * @param events events that can be read
     * @param floor the last record whose events are gone
     * @param sequence the last record
     */
    record Tail(@Nullable EventId last, long ordinal, long events, long floor, long sequence) implements QueueReply {}

    /** It is done. */
    record Done() implements QueueReply {}
}
