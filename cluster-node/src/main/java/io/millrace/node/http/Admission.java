package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what is in work on this node: bytes of appends, and reads. Past the bounds requests are refused at once. */
final class Admission {
    private final long maxBytes;
    private final int maxReads;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();

    Admission(long maxBytes, int maxReads) {
        this.maxBytes = maxBytes;
        this.maxReads = maxReads;
    }

    /** The bytes that one append holds in memory; grows while they arrive and are decoded. */
    final class Reservation implements AutoCloseable {
        private long held;

        /** @throws Refusal if that were too much for the node */
        void grow(long more) {
            if (bytes.addAndGet(more) > maxBytes) {
                bytes.addAndGet(-more);
                throw Refusal.of(
                        ProblemType.TOO_MANY_REQUESTS, "more bytes of appends are in work on this node than it takes");
            }
            held += more;
        }

        @Override
        public void close() {
            bytes.addAndGet(-held);
            held = 0;
        }
    }

    Reservation append() {
        return new Reservation();
    }

    /** @throws Refusal if too many reads are under way; else {@link #endRead} must follow */
    void beginRead() {
        if (reads.incrementAndGet() > maxReads) {
            reads.decrementAndGet();
            throw Refusal.of(ProblemType.TOO_MANY_REQUESTS, "more reads are under way on this node than it takes");
        }
    }

    /** A read that was begun goes on as a stream; the stream ends it. */
    void continueRead() {
        reads.incrementAndGet();
    }

    void endRead() {
        reads.decrementAndGet();
    }

    long bytesInWork() {
        return bytes.get();
    }

    int readsUnderWay() {
        return reads.get();
    }
}
