package io.millrace.node.http;

import io.millrace.node.settings.HttpSettings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one connection is at, and whether it takes too long for it. The connection writes, one thread at a time; who sweeps
 * over all connections reads. All times are those of {@link System#nanoTime}.
 */
final class Pace {
    /** What took too long. */
    enum Late {
        /** A request's head, from its first byte to its last, or the first one at all (and with it the handshake of TLS). */
        HEAD,
        /** The next request. */
        IDLE,
        /** The client, to take what was written. */
        ANSWER
    }

    private final HttpSettings.Connections limits;
    private final AtomicInteger inWork = new AtomicInteger();
    private volatile long quietSince;
    private volatile boolean fresh = true;
    private volatile long headSince;
    private volatile boolean headBegan;
    private volatile long sendingSince;
    private volatile long sendingLimit;
    private volatile boolean sending;

    Pace(HttpSettings.Connections limits, long now) {
        this.limits = limits;
        this.quietSince = now;
    }

    /** Bytes came; what comes while a request is in work is its body. */
    void received(long now) {
        if (!headBegan && inWork.get() == 0) {
            headSince = now;
            headBegan = true;
        }
    }

    /** A head is complete. */
    void requested() {
        inWork.incrementAndGet();
        headBegan = false;
        fresh = false;
    }

    /** An answer has its last byte, though it may not be sent yet. */
    void answered(long now) {
        quietSince = now;
        inWork.decrementAndGet();
    }

    /** Bytes were handed to the network. */
    void sending(long bytes, long now) {
        sendingSince = now;
        sendingLimit = limits.stall().toNanos() + bytes * 1_000_000_000L / limits.leastRate();
        sending = true;
    }

    /** The network has taken them. */
    void sent(long now) {
        if (sending) {
            quietSince = now;
            sending = false;
        }
    }

    boolean isSending() {
        return sending;
    }

    /** Whether nothing would be lost if it ended now. */
    boolean isQuiet() {
        return inWork.get() == 0 && !sending && !headBegan;
    }

    /** What takes too long, or null. A request in work has limits of its own. */
    @Nullable
    Late late(long now) {
        if (sending) {
            return now - sendingSince > sendingLimit ? Late.ANSWER : null;
        }
        if (inWork.get() > 0) {
            return null;
        }
        if (headBegan || fresh) {
            return now - (fresh ? quietSince : headSince) > limits.head().toNanos() ? Late.HEAD : null;
        }
        return now - quietSince > limits.idle().toNanos() ? Late.IDLE : null;
    }
}
