package io.millrace.client;

import io.millrace.client.internal.Futures;
import io.millrace.client.internal.Transport;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The puts of one client into one queue. While one request is in flight, puts gather; the next request takes them all. So
 * puts keep their order, share round trips, and each request's sequence makes it safe to repeat.
 *
 * <p>If the bus can't take a request of several puts, they are sent one by one, so that only the culprit is refused.
 */
final class PutLane {
    /** A request's worth, so that one slow request never makes more than two wait. */
    static final int MOST_WAITING = 2 * Limits.REQUEST_BYTES;

    private static final int GATHER_BYTES = 1 << 20;
    private static final int WORTH_COMPRESSING = 1_024;

    /** How long the next request may be held up by those who are told what came of the last one. */
    private static final Duration TELLING = Duration.ofMillis(1);

    /** Events that go in together. */
    record Put(List<NewEvent> events, long bytes, CompletableFuture<AppendResult> result) {
        static Put of(List<NewEvent> events) {
            return new Put(List.copyOf(events), checkedSize(events), new CompletableFuture<>());
        }
    }

    private final Connection connection;
    private final QueueName queue;
    private final Supplier<ProducerId> producers;
    private final ArrayDeque<Put> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean sending;
    private int oneByOne;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private @Nullable ProducerId producer;
    private long sequence;

    /** @param producers gives a name that nobody used yet */
    PutLane(Connection connection, QueueName queue, Supplier<ProducerId> producers) {
        this.connection = connection;
        this.queue = queue;
        this.producers = producers;
    }

    /** Queues a put; true if the caller is the one to call {@link #sendNext}. */
    synchronized boolean offer(Put put) {
        if (waitingBytes > 0 && waitingBytes + put.bytes > MOST_WAITING) {
            throw new BufferFullException(
                    "more than " + MOST_WAITING + " bytes wait to be put into " + queue, null, null);
        }
        waitingBytes += put.bytes;
        waiting.add(put);
        last = put.result;
        boolean first = !sending;
        sending = true;
        return first;
    }

    private static long checkedSize(List<NewEvent> events) {
        if (events.isEmpty() || events.size() > Limits.REQUEST_EVENTS) {
            throw new IllegalArgumentException("a put takes 1 to " + Limits.REQUEST_EVENTS + " events");
        }
        long bytes = 0;
        for (NewEvent event : events) {
            if (event.encodedBound() > Limits.EVENT_BYTES) {
                throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
            }
            bytes += event.encodedBound();
        }
        if (bytes > Limits.REQUEST_BYTES) {
            throw new IllegalArgumentException("a put is at most " + Limits.REQUEST_BYTES + " bytes");
        }
        return bytes;
    }

    /** Completes with the last put that waits now, whatever becomes of it. */
    synchronized CompletableFuture<?> drained() {
        return last.handle((result, failure) -> true);
    }

    synchronized boolean isIdle() {
        return !sending;
    }

    void sendNext() {
        List<Put> group = new ArrayList<>();
        synchronized (this) {
            long bytes = 0;
            int events = 0;
            for (Put next = waiting.peek(); next != null; next = waiting.peek()) {
                bytes += next.bytes;
                events += next.events.size();
                boolean full = oneByOne > 0 || bytes > GATHER_BYTES || events > Limits.REQUEST_EVENTS;
                if (!group.isEmpty() && full) {
                    break;
                }
                group.add(waiting.remove());
            }
            oneByOne = Math.max(0, oneByOne - 1);
            if (group.isEmpty()) {
                sending = false;
                return;
            }
        }
        send(group);
    }

    private void send(List<Put> group) {
        BlockWriter block = new BlockWriter("");
        group.forEach(put -> put.events.forEach(block::add));
        ProducerId name = producer;
        if (name == null) {
            name = producers.get();
            producer = name;
            sequence = 0;
        }
        CompletableFuture<AppendResult> request = connection.append(
                queue, block.build(block.rawLength() > WORTH_COMPRESSING), name, sequence + 1, connection.deadline());
        Futures.onDone(request, (result, failure) -> {
            if (failure == null) {
                taken(group, result);
            } else {
                failed(group, Replies.of(failure));
            }
        });
    }

    /**
     * Who put together will mostly put again together: told first, they share the next request too, instead of leaving it to the
     * one that came late. What they do when told is theirs, so it may hold up nothing for long.
     */
    private void taken(List<Put> group, AppendResult result) {
        sequence++;
        release(group);
        if (group.size() == 1) {
            sendNext();
            tell(group, result);
            return;
        }
        AtomicBoolean sent = new AtomicBoolean();
        Runnable next = () -> {
            if (!sent.getAndSet(true)) {
                sendNext();
            }
        };
        Future<?> alarm = later(next);
        tell(group, result);
        alarm.cancel(false);
        next.run();
    }

    private Future<?> later(Runnable next) {
        Transport transport = connection.transport();
        try {
            return transport.later(() -> transport.executor().execute(next), TELLING);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null); // the client is being closed: nothing new will come
        }
    }

    private void tell(List<Put> group, AppendResult result) {
        EventId first = result.first();
        int offset = 0;
        for (Put put : group) {
            int events = put.events.size();
            put.result.complete(
                    first == null
                            ? new AppendResult(queue.value(), 0, null, null, events)
                            : new AppendResult(
                                    queue.value(), events, first.plus(offset), first.plus(offset + events - 1L), 0));
            offset += events;
        }
    }

    private void failed(List<Put> group, MillraceException failure) {
        if (failure instanceof RejectedException && group.size() > 1) {
            synchronized (this) {
                for (int i = group.size() - 1; i >= 0; i--) {
                    waiting.addFirst(group.get(i));
                }
                oneByOne = group.size();
            }
            sendNext(); // nothing was taken, so the sequence is still free
            return;
        }
        producer = null; // the sequence may be taken: it can't number anything else
        release(group);
        sendNext();
        group.forEach(put -> put.result.completeExceptionally(failure));
    }

    private synchronized void release(List<Put> done) {
        done.forEach(put -> waitingBytes -= put.bytes);
    }
}
