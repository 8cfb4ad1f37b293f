package io.millrace.client;

import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a loader: batches in their order. Numbers are given when a batch leaves, acknowledgements are told in the
 * same order, whatever order the answers come in. Guarded by its loader's lock.
 */
final class LoadLane {
    private final QueueName queue;
    private final ArrayDeque<LoadBatch> sealed = new ArrayDeque<>();
    private final ArrayDeque<LoadBatch> sent = new ArrayDeque<>();
    private final ArrayDeque<CompletableFuture<AppendResult>> requests = new ArrayDeque<>();
    private final CompletableFuture<@Nullable ProducerInfo> before;
    private @Nullable LoadBatch open;
    private long sequence;
    private long events;
    private boolean ready;
    private boolean telling;
    boolean queued;

    /** @param before how far the producer came before this loader, once it is known */
    LoadLane(QueueName queue, CompletableFuture<@Nullable ProducerInfo> before) {
        this.queue = queue;
        this.before = before;
    }

    QueueName queue() {
        return queue;
    }

    CompletableFuture<@Nullable ProducerInfo> before() {
        return before;
    }

    void begin(@Nullable ProducerInfo info) {
        sequence = info == null ? 0 : info.sequence();
        ready = true;
    }

    @Nullable
    LoadBatch open() {
        return open;
    }

    LoadBatch open(io.millrace.protocol.block.BlockWriter writer) {
        LoadBatch batch = new LoadBatch(this, events, writer);
        open = batch;
        return batch;
    }

    void seal() {
        LoadBatch batch = open;
        if (batch != null) {
            events += batch.events();
            batch.sealed = true;
            sealed.add(batch);
            open = null;
        }
    }

    boolean canSend(int window) {
        return ready && !sealed.isEmpty() && sent.size() < window;
    }

    LoadBatch send() {
        LoadBatch batch = sealed.remove();
        batch.sequence = ++sequence;
        sent.add(batch);
        return batch;
    }

    void sending(CompletableFuture<AppendResult> request) {
        requests.removeIf(CompletableFuture::isDone);
        requests.add(request);
    }

    /** True if the caller is the one to tell; it does so until {@link #nextToTell} gives nothing. */
    boolean startTelling() {
        boolean mine = !telling && !sent.isEmpty() && sent.getFirst().result != null;
        telling |= mine;
        return mine;
    }

    @Nullable
    LoadBatch nextToTell() {
        LoadBatch head = sent.peek();
        if (head == null || head.result == null) {
            telling = false;
            return null;
        }
        return sent.remove();
    }

    /** All that wasn't acknowledged, oldest first; the lane forgets it. */
    Iterable<LoadBatch> abandon() {
        ArrayDeque<LoadBatch> all = new ArrayDeque<>(sent);
        all.addAll(sealed);
        if (open != null) {
            all.add(open);
        }
        sent.clear();
        sealed.clear();
        open = null;
        return all;
    }

    Iterable<CompletableFuture<AppendResult>> requests() {
        return requests;
    }

    /** All that isn't acknowledged yet. */
    Iterable<LoadBatch> pending() {
        ArrayDeque<LoadBatch> all = new ArrayDeque<>(sent);
        all.addAll(sealed);
        return all;
    }
}
