package io.millrace.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** A loader's open batches in the order in which their linger ends. Guarded by the loader's lock. */
final class Lingering {
    private final long linger;
    /** Batches that were full before their time are among them, and passed over. */
    private final ArrayDeque<LoadBatch> batches = new ArrayDeque<>();

    Lingering(Duration linger) {
        this.linger = linger.toNanos();
    }

    /** True if the batch is the first to wait for. */
    boolean add(LoadBatch batch) {
        batches.add(batch);
        return batches.size() == 1;
    }

    /** Seals what has waited long enough; answers how long the next has to wait in ns, 0 if there is none. */
    long seal(Consumer<LoadLane> sealed) {
        long now = System.nanoTime();
        for (LoadBatch head = batches.peek(); head != null; head = batches.peek()) {
            long left = head.openedAt + linger - now;
            if (!head.sealed && left > 0) {
                return left;
            }
            batches.remove();
            if (!head.sealed) {
                head.lane.seal();
                sealed.accept(head.lane);
            }
        }
        return 0;
    }

    void clear() {
        batches.clear();
    }
}
