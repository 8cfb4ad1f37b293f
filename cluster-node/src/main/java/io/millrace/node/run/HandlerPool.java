package io.millrace.node.run;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that users' handlers run on: they may block, and a handler that hangs holds nothing but its own thread. */
public final class HandlerPool implements AutoCloseable {
    private static final int MAX_WAITING = 10_000;

    private final ThreadPoolExecutor executor;

    /** @param threads how many handlers may run at a time on this node */
    public HandlerPool(int threads) {
        AtomicInteger number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), work -> {
                    Thread thread = new Thread(work, "millrace-handler-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Runs the work; cancelling what is returned interrupts it. Fails at once if too much waits. */
    <T> CompletableFuture<T> call(Callable<T> work) {
        Work<T> result = new Work<>();
        try {
            result.task = executor.submit(() -> result.run(work));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new IllegalStateException("too many handlers wait for a thread on this node"));
        }
        return result;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static final class Work<T> extends CompletableFuture<T> {
        private volatile Future<?> task = CompletableFuture.completedFuture(null);

        void run(Callable<T> work) {
            try {
                complete(work.call());
            } catch (Throwable failure) { // a handler may throw anything, and its run has to hear of it
                completeExceptionally(failure);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            task.cancel(true);
            return super.cancel(mayInterrupt);
        }
    }
}
