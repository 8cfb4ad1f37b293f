package io.millrace.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Ends this process when the stream that its parent holds open ends. */
final class ParentWatch {

    /** A drain takes 3 to 5 s; one that takes this long hangs, and the commit log has all it would have saved. */
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(15);

    private ParentWatch() {}

    static void start(InputStream parent) {
        daemon("parent-watch", () -> {
            awaitEnd(parent);
            daemon("drain-limit", ParentWatch::haltAfterLimit);
            // Runs Cassandra's own shutdown hook, which drains.
            System.exit(0);
        });
    }

    private static void awaitEnd(InputStream parent) {
        try {
            while (parent.read() != -1) {
                // Nothing is ever sent; whatever came would mean that the parent lives.
            }
        } catch (IOException gone) {
            // A broken pipe tells the same as its end.
        }
    }

    private static void haltAfterLimit() {
        try {
            Thread.sleep(DRAIN_LIMIT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
