package io.millrace.client;

import io.millrace.protocol.EventId;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request's events on their way: open, sealed, sent, acknowledged. Guarded by its loader's lock. */
final class LoadBatch {
    private record Tracked(int index, CompletableFuture<EventId> id) {}

    final LoadLane lane;
    final long from;
    final long openedAt;
    private @Nullable BlockWriter writer;
    private int events;
    private int bytes;
    private @Nullable List<Tracked> tracked;
    private @Nullable List<LoadFlush> flushes;
    boolean sealed;
    long sequence;

    @Nullable
    AppendResult result;

    LoadBatch(LoadLane lane, long from, BlockWriter writer) {
        this.lane = lane;
        this.from = from;
        this.writer = writer;
        this.openedAt = System.nanoTime();
    }

    BlockWriter writer() {
        BlockWriter present = writer;
        if (present == null) {
            throw new IllegalStateException("the batch was sent");
        }
        return present;
    }

    /** Takes the writer away: from now on the batch is only its counts. */
    BlockWriter takeWriter() {
        BlockWriter taken = writer();
        writer = null;
        return taken;
    }

    int events() {
        return events;
    }

    int bytes() {
        return bytes;
    }

    /** Notes that the writer took one more event; answers by how many bytes it grew. */
    int grown() {
        int before = bytes;
        events = writer().events();
        bytes = writer().rawLength();
        return bytes - before;
    }

    void track(CompletableFuture<EventId> id) {
        List<Tracked> list = tracked == null ? new ArrayList<>() : tracked;
        list.add(new Tracked(events - 1, id));
        tracked = list;
    }

    void flush(LoadFlush flush) {
        List<LoadFlush> list = flushes == null ? new ArrayList<>() : flushes;
        list.add(flush);
        flushes = list;
        flush.expect();
    }

    LoadAck ack(AppendResult taken) {
        return new LoadAck(lane.queue(), sequence, from, events, taken.first());
    }

    /** Tells who waits. Not under the lock: their code runs. */
    void tell(AppendResult taken) {
        EventId first = taken.first();
        if (tracked != null) {
            for (Tracked one : tracked) {
                if (first != null) {
                    one.id.complete(first.plus(one.index));
                } else {
                    one.id.completeExceptionally(
                            new RejectedException("the queue dropped the event as a repetition", null, null));
                }
            }
        }
        if (flushes != null) {
            flushes.forEach(LoadFlush::arrived);
        }
    }

    /** Tells who waits that it came to nothing. Not under the lock. */
    void fail(MillraceException failure) {
        if (tracked != null) {
            tracked.forEach(one -> one.id.completeExceptionally(failure));
        }
        if (flushes != null) {
            flushes.forEach(flush -> flush.fail(failure));
        }
    }
}
