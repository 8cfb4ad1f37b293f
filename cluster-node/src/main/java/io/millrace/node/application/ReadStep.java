package io.millrace.node.application;

import io.millrace.protocol.block.Block;
import java.util.List;

/**
 * A piece of a queue.
 *
 * @param blocks stamped, in order; whole as they are stored, so that the first may begin before the cursor
 * @param next where to go on
 * @param atTail whether there was nothing more when this was read; certain where the read didn't wait or found nothing, else as
 *     far as the queue's owner knew
 */
public record ReadStep(List<Block> blocks, Cursor next, boolean atTail) {}
