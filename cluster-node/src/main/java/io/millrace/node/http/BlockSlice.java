package io.millrace.node.http;

import io.millrace.protocol.Position;
import io.millrace.protocol.block.BlockHeader;
import org.jspecify.annotations.Nullable;

/**
 * The part of a stored block that lies between two positions.
 *
 * @param from index of its first event
 * @param to index behind its last one; not greater than {@code from} where there is none
 */
record BlockSlice(int from, int to) {
    static BlockSlice of(BlockHeader header, Position after, @Nullable Position until, @Nullable Position bound) {
        int to = Math.min(firstAfter(header, until), firstAfter(header, bound));
        return new BlockSlice(firstAfter(header, after), to);
    }

    /** By halving: positions and ids may lie millennia apart, where their difference doesn't fit a number. */
    private static int firstAfter(BlockHeader header, @Nullable Position position) {
        if (position == null) {
            return header.events();
        }
        int least = 0;
        int greatest = header.events();
        while (least < greatest) {
            int middle = (least + greatest) >>> 1;
            if (position.isBefore(header.idAt(middle))) {
                greatest = middle;
            } else {
                least = middle + 1;
            }
        }
        return least;
    }

    int events() {
        return Math.max(0, to - from);
    }
}
