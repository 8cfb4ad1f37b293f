package io.millrace.node.faults.work;

import io.millrace.node.faults.history.History;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What every client of a run shares.
 *
 * @param nodes all of them, running or not
 * @param history where this process writes down what it does
 * @param acks when which queue acknowledged
 * @param tally counts of outcomes
 * @param stopping set when the load ends
 */
record Work(List<URI> nodes, History history, Acks acks, Tally tally, AtomicBoolean stopping) {

    /** One step of a client's loop. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    Http http(int first) {
        return new Http(nodes, first);
    }

    /** Repeats {@code step} on a thread of its own until the load ends. */
    Thread loop(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!stopping.get()) {
                            step.run();
                        }
                    } catch (InterruptedException ended) {
                        // The load ends.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Sleeps {@code millis}, more or less by half. */
    static void about(long millis) throws InterruptedException {
        Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
    }
}
