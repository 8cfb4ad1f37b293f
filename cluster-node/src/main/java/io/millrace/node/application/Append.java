package io.millrace.node.application;

import io.millrace.protocol.EventId;
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
 * @param follows what has to be in the queue before it, if it is done for a run that has sent that just before
 */
public record Append(
        List<Block> blocks,
        @Nullable Sequence sequence,
        @Nullable RunRef run,
        List<ParentRange> parents,
        @Nullable Follows follows) {

    /** One that follows nothing. */
    public Append(List<Block> blocks, @Nullable Sequence sequence, @Nullable RunRef run, List<ParentRange> parents) {
        this(blocks, sequence, run, parents, null);
    }

    /**
     * What a run has sent before: its output of a source queue up to a position. A run need not wait for the answer to one
     * append before it sends the next, since the queue takes that only when the bot's mark has come so far (design D5): the
     * mark never stands beyond what is missing.
     */
    public record Follows(String source, EventId position) {}

    /**
     * A producer's number of an append.
     *
     * @param number from 1
     * @param content tells whether it is the same append again, where that isn't {@link Append#content} of its blocks
     */
    public record Sequence(
            ProducerId producer, long number, @Nullable Long content) {
        /** Of an append that is the same if its blocks are. */
        public Sequence(ProducerId producer, long number) {
            this(producer, number, null);
        }
    }

    /** A digest of blocks. */
    public static long content(List<Block> blocks) {
        long hash = 1;
        for (Block block : blocks) {
            hash = 31 * hash + block.header().crc();
            hash = 31 * hash + block.header().rawLength();
            hash = 31 * hash + block.header().events();
        }
        return hash;
    }

    /** The same, to be taken after something else. */
    public Append after(@Nullable Follows before) {
        return new Append(blocks, sequence, run, parents, before);
    }

    /** The same, numbered on from what its producer has sent before. */
    public Append numberedAfter(long last) {
        return sequence == null
                ? this
                : new Append(
                        blocks, new Sequence(sequence.producer(), last + sequence.number()), run, parents, follows);
    }

    /** Events in all blocks. */
    public int events() {
        return blocks.stream().mapToInt(block -> block.header().events()).sum();
    }

    /** Bytes of all blocks as they stand, headers included. */
    public int bytes() {
        return blocks.stream().mapToInt(Block::length).sum();
    }
}
