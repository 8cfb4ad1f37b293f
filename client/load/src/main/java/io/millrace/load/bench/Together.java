package io.millrace.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The same work on several threads at once. */
final class Together {
    private Together() {}

    /** {@code body} for the numbers from 0, each on a thread of its own; the first failure is thrown when all have ended. */
    static void each(int threads, IntConsumer body) throws InterruptedException {
        share(threads, threads, body);
    }

    /** {@code body} for each number below {@code n}, by so many threads; none begins anew after a failure. */
    static void share(int threads, int n, IntConsumer body) throws InterruptedException {
        AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
        AtomicInteger next = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, n); i++) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            for (int j = next.getAndIncrement();
                                    j < n && failed.get() == null;
                                    j = next.getAndIncrement()) {
                                body.accept(j);
                            }
                        } catch (RuntimeException e) {
                            failed.compareAndSet(null, e);
                        }
                    },
                    "together-" + i);
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        RuntimeException failure = failed.get();
        if (failure != null) {
            throw new IllegalStateException("one of several failed: " + failure.getMessage(), failure);
        }
    }
}
