package io.millrace.node.settings;

import java.time.Duration;

/**
 * How queues behave ({@code millrace.queue}).
 *
 * @param maxWaitingBytes stored bytes of appends that may wait in one queue; past that a writer gets 429
 * @param commitBytes stored bytes that one commit takes
 * @param windowBytes stored bytes of the newest records that a queue keeps in memory for readers at the tail
 * @param passivateAfter how long a queue idles before it leaves memory
 * @param askTimeout how long a request waits for the queue's answer
 * @param retentionEvery how often a queue looks whether events are to go, and the sweeper for those at rest
 */
public record QueueSettings(
        long maxWaitingBytes,
        int commitBytes,
        int windowBytes,
        Duration passivateAfter,
        Duration askTimeout,
        Duration retentionEvery) {

    public static final Duration DEFAULT_RETENTION_EVERY = Duration.ofMinutes(1);

    /** With {@link #DEFAULT_RETENTION_EVERY}. */
    public QueueSettings(
            long maxWaitingBytes, int commitBytes, int windowBytes, Duration passivateAfter, Duration askTimeout) {
        this(maxWaitingBytes, commitBytes, windowBytes, passivateAfter, askTimeout, DEFAULT_RETENTION_EVERY);
    }

    /** @throws IllegalArgumentException naming the key */
    public QueueSettings {
        Require.between("millrace.queue.max-waiting-bytes", maxWaitingBytes, 1 << 20, 1L << 30);
        Require.between("millrace.queue.commit-bytes", commitBytes, 64 << 10, 8 << 20);
        Require.between("millrace.queue.window-bytes", windowBytes, 64 << 10, 256 << 20);
        Require.positive("millrace.queue.passivate-after", passivateAfter);
        Require.positive("millrace.queue.ask-timeout", askTimeout);
        Require.positive("millrace.queue.retention-every", retentionEvery);
    }
}
