package io.millrace.node.journal;

/** Cuts a log into partitions. The size is part of the stored format: it can never change. */
final class Buckets {
    static final int SIZE = 256;

    private Buckets() {}

    static long of(long seq) {
        return seq / SIZE;
    }

    static long lastSeq(long bucket) {
        return (bucket + 1) * SIZE - 1;
    }
}
