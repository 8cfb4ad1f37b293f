package io.millrace.node.application;

import io.millrace.protocol.EventId;
import io.millrace.protocol.block.Block;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a queue.
 *
 * @param blocks stamped, in order; whole as they are stored, so that the first may begin before the cursor
 * @param next where to go on
 * @param atTail whether there was nothing more when this was read; certain where the read didn't wait or found nothing, else as
 *     far as the queue's owner knew
 * @param skippedTo the oldest event that is kept, if retention has removed what the reader would have read next; else null
 */
public record ReadStep(
        List<Block> blocks,
        Cursor next,
        boolean atTail,
        @Nullable EventId skippedTo) {
    /** Where nothing was skipped. */
    public ReadStep(List<Block> blocks, Cursor next, boolean atTail) {
        this(blocks, next, atTail, null);
    }

    /** The same after a skip, if there was one. */
    public ReadStep skippingTo(@Nullable EventId kept) {
        return new ReadStep(blocks, next, atTail, kept);
    }
}
