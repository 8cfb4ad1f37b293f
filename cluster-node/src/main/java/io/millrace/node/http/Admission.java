package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what is in work on this node: bytes of appends, and reads. Past the bounds requests are refused at once. */
final class Admission {
    private final long maxBytes;
    private final int maxReads;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final int maxReadsOfOne;
    private final Map<String, Integer> readsOf = new ConcurrentHashMap<>();

    /** @param maxReadsOfOne reads of one caller; 0 for no limit */
    Admission(long maxBytes, int maxReads, int maxReadsOfOne) {
        this.maxBytes = maxBytes;
        this.maxReads = maxReads;
        this.maxReadsOfOne = maxReadsOfOne;
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

    /**
     * A read begins.
     *
     * @param owner who reads
     * @throws Refusal if too many reads are under way, in all or of this one; else {@link #endRead} must follow
     */
    void beginRead(String owner) {
        continueRead(owner);
        boolean greedy = maxReadsOfOne > 0 && readsOf.getOrDefault(owner, 0) > maxReadsOfOne;
        if (greedy || reads.get() > maxReads) {
            endRead(owner);
            throw greedy
                    ? Refusal.of(ProblemType.RATE_LIMITED, "more reads of this caller are under way than it may have")
                    : Refusal.of(ProblemType.TOO_MANY_REQUESTS, "more reads are under way on this node than it takes");
        }
    }

    /** A read that was begun goes on as a stream; the stream ends it. */
    void continueRead(String owner) {
        reads.incrementAndGet();
        readsOf.merge(owner, 1, Integer::sum);
    }

    void endRead(String owner) {
        reads.decrementAndGet();
        readsOf.computeIfPresent(owner, (who, count) -> count == 1 ? null : count - 1);
    }

    long bytesInWork() {
        return bytes.get();
    }

    int readsUnderWay() {
        return reads.get();
    }
}
