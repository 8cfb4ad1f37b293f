package io.millrace.node;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What {@code millrace dev} has started, stopped in the opposite order, once, by whoever comes first: a failed start or
 * the end of this JVM.
 */
final class DevSession implements AutoCloseable {

    /** Blocks for a bounded time. */
    @FunctionalInterface
    interface Part {
        void stop();
    }

    private final Deque<Part> parts = new ArrayDeque<>();
    private volatile boolean closed;

    /** Takes charge of a part that has just been started; when the end has already come, it is stopped at once. */
    void add(Part part) {
        synchronized (this) {
            if (!closed) {
                parts.push(part);
                return;
            }
        }
        part.stop();
    }

    /** Whether the end has begun. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.stop();
            } catch (RuntimeException failed) {
                // The others must still stop.
                System.err.println("millrace: " + failed);
            }
        }
    }
}
