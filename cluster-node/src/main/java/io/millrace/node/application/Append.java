package io.millrace.node.application;

import io.millrace.protocol.ProducerId;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.ParentRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events for a queue, checked: taken as a whole or not at all.
 *
 * @param blocks unstamped, at least one; at most 100,000 events and 16 MiB of lines in all
 * @param sequence the producer's number of this append, if it gave one
 * @param run the run that it is done for, if any
 * @param parents how far the events go back to their source queues, if it is done for a run
 */
public record Append(
        List<Block> blocks,
        @Nullable Sequence sequence,
        @Nullable RunRef run,
        List<ParentRange> parents) {

    /**
     * A producer's number of an append.
     *
     * @param number from 1
     */
    public record Sequence(ProducerId producer, long number) {}

    /** Events in all blocks. */
    public int events() {
        return blocks.stream().mapToInt(block -> block.header().events()).sum();
    }

    /** Bytes of all blocks as they stand, headers included. */
    public int bytes() {
        return blocks.stream().mapToInt(Block::length).sum();
    }
}
