package io.millrace.node.webhook;

import io.millrace.node.run.NotTakenException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Lets so many calls through at a time; the others wait in line, each bot with one call at most, and past a number of these
 * are refused. Thread-safe.
 */
final class Gate {
    private final int places;
    private final int maxWaiting;
    private final Deque<CompletableFuture<Boolean>> line = new ArrayDeque<>();
    private int taken;

    Gate(int places, int maxWaiting) {
        this.places = places;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Asks for a place, to be given back with {@link #leave}.
     *
     * @return done when there is one; fails at once if too many wait. Who cancels it has no place
     */
    synchronized CompletableFuture<Boolean> enter() {
        CompletableFuture<Boolean> entry = new CompletableFuture<>();
        if (taken < places) {
            taken++;
            entry.complete(true);
        } else {
            line.removeIf(CompletableFuture::isDone);
            if (line.size() >= maxWaiting) {
                entry.completeExceptionally(new NotTakenException("too many calls of webhooks wait on this node"));
            } else {
                line.add(entry);
            }
        }
        return entry;
    }

    /** Gives a place back, to the first in line that still wants it. */
    void leave() {
        for (CompletableFuture<Boolean> next = poll(); next != null; next = poll()) {
            if (next.complete(true)) {
                return;
            }
        }
    }

    private synchronized @org.jspecify.annotations.Nullable CompletableFuture<Boolean> poll() {
        CompletableFuture<Boolean> next = line.poll();
        if (next == null) {
            taken--;
        }
        return next;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int waiting() {
        return (int) line.stream().filter(entry -> !entry.isDone()).count();
    }
}
