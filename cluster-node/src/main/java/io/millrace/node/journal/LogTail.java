package io.millrace.node.journal;

/**
 * Where a log stands.
 *
 * @param epoch of the owner that claimed it last
 * @param tail the last committed sequence number, 0 in a new log; what lies beyond doesn't exist for anybody
 * @param floor the last sequence number that retention removed, 0 when none
 * @param bucket the first bucket that may still hold rows
 */
public record LogTail(String log, long epoch, long tail, long floor, long bucket) {
    /** {@return the first sequence number that can be read; beyond {@link #tail} when there is none} */
    public long first() {
        return floor + 1;
    }

    /** {@return whether a removal broke off: buckets below the floor may still be there} */
    public boolean hasLeftovers() {
        return bucket < Buckets.of(first());
    }
}
