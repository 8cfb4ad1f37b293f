package io.millrace.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Waits for all batches that stood when it was asked for. */
final class LoadFlush {
    private final AtomicInteger missing = new AtomicInteger(1);
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    void expect() {
        missing.incrementAndGet();
    }

    /** Once for each expected batch, and once when all were expected. */
    void arrived() {
        if (missing.decrementAndGet() == 0) {
            done.complete(null);
        }
    }

    void fail(MillraceException failure) {
        done.completeExceptionally(failure);
    }

    CompletableFuture<@Nullable Void> done() {
        return done;
    }
}
