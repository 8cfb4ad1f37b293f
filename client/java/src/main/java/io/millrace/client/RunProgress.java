package io.millrace.client;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How far a run has come, and what of that the bus knows. One checkpoint request at a time; what comes meanwhile gathers. */
final class RunProgress {
    private final RunSession session;
    private final WorkerOptions options;
    private final Map<String, Checkpoint> reached = new HashMap<>();
    private final Map<String, Checkpoint> unsent = new HashMap<>();
    private int records;
    private long lastSent = System.nanoTime();
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private boolean ending;
    private @Nullable Throwable failure;

    RunProgress(RunSession session, WorkerOptions options) {
        this.session = session;
        this.options = options;
        reached.putAll(session.grant().checkpoints());
    }

    /** The batch is done for good: handled, and what it emitted is durable. */
    synchronized void done(String queue, List<Event> batch, long startedMillis) {
        Event last = batch.get(batch.size() - 1);
        Checkpoint before = reached.get(queue);
        Checkpoint waiting = unsent.get(queue);
        Long started = waiting == null ? null : waiting.startedTimestamp();
        Checkpoint now = new Checkpoint(
                Position.of(last.eid()),
                (before == null ? 0 : before.records()) + batch.size(),
                last.sourceTimestamp(),
                started == null ? startedMillis : started,
                System.currentTimeMillis());
        reached.put(queue, now);
        unsent.put(queue, now);
        records += batch.size();
        sendIfDue();
    }

    /** Up to where a queue is done; null if nowhere yet. */
    synchronized @Nullable Checkpoint reached(String queue) {
        return reached.get(queue);
    }

    /** Sends what has been due for long enough. */
    synchronized void sendIfDue() {
        boolean due = records >= options.checkpointRecords()
                || System.nanoTime() - lastSent >= options.checkpointTime().toNanos();
        if (due && !unsent.isEmpty() && sending.isDone() && !ending && failure == null) {
            Map<String, Checkpoint> sent = takeUnsent();
            sending = session.checkpoint(sent).handle((answer, failed) -> arrived(sent, failed));
        }
    }

    private Map<String, Checkpoint> takeUnsent() {
        Map<String, Checkpoint> taken = Map.copyOf(unsent);
        unsent.clear();
        records = 0;
        lastSent = System.nanoTime();
        return taken;
    }

    private synchronized boolean arrived(Map<String, Checkpoint> sent, @Nullable Throwable failed) {
        if (failed == null) {
            return true;
        }
        MillraceException reason = Replies.of(failed);
        if (reason instanceof StaleRunException || reason instanceof RejectedException) {
            failure = reason;
        } else {
            sent.forEach(unsent::putIfAbsent); // the next one tells it
        }
        return false;
    }

    synchronized void requireSound() {
        if (failure != null) {
            throw Replies.of(failure);
        }
    }

    /** Waits for the request under way; what another message is to tell. */
    Map<String, Checkpoint> take() {
        CompletableFuture<?> running;
        synchronized (this) {
            running = sending;
        }
        Replies.await(running);
        requireSound();
        synchronized (this) {
            return takeUnsent();
        }
    }

    /** Sends nothing more by itself, waits for the request under way; what is left to tell. */
    Map<String, Checkpoint> rest() {
        CompletableFuture<?> running;
        synchronized (this) {
            ending = true;
            running = sending;
        }
        Replies.await(running);
        requireSound();
        synchronized (this) {
            return takeUnsent();
        }
    }
}
