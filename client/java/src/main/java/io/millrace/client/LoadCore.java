package io.millrace.client;

import io.millrace.client.internal.Futures;
import io.millrace.client.internal.Transport;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The machine in a loader. Callers fill batches under the lock; one thread of its own compresses and sends them; answers
 * come on the transport's threads.
 */
final class LoadCore {
    private static final int MOST_LANES = 100_000;

    private final Connection connection;
    private final LoadOptions options;
    private final ProducerId producer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Map<QueueName, LoadLane> lanes = new HashMap<>();
    /** Lanes that may have something to send. */
    private final ArrayDeque<LoadLane> ready = new ArrayDeque<>();

    private final Lingering lingering;
    private final ArrayDeque<BlockWriter> spare = new ArrayDeque<>();
    private long buffered;
    private long acknowledged;
    private boolean closed;
    private boolean ended;
    private @Nullable MillraceException failure;
    private @Nullable QueueName failedQueue;

    LoadCore(Connection connection, LoadOptions options) {
        this.connection = connection;
        this.options = options;
        this.lingering = new Lingering(options.linger);
        this.producer = options.producer != null ? options.producer : new ProducerId("load-" + UUID.randomUUID());
        Transport.threads("millrace-load-" + producer.value())
                .newThread(this::run)
                .start();
    }

    void add(QueueName queue, NewEvent event, @Nullable CompletableFuture<EventId> id) {
        requireSize(event);
        lock.lock();
        try {
            requireOpen();
            while (isFull(event)) {
                room.await();
                requireOpen();
            }
            take(queue, event, id);
        } catch (InterruptedException e) {
            throw Replies.interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    boolean tryAdd(QueueName queue, NewEvent event) {
        requireSize(event);
        lock.lock();
        try {
            requireOpen();
            if (isFull(event)) {
                return false;
            }
            take(queue, event, null);
            return true;
        } finally {
            lock.unlock();
        }
    }

    CompletionStage<EventId> track(QueueName queue, NewEvent event) {
        CompletableFuture<EventId> id = new CompletableFuture<>();
        add(queue, event, id);
        return id;
    }

    private static void requireSize(NewEvent event) {
        if (event.encodedBound() > Limits.EVENT_BYTES) {
            throw new IllegalArgumentException("an event is at most " + Limits.EVENT_BYTES + " bytes");
        }
    }

    private void requireOpen() {
        if (failure != null) {
            throw failed(failure);
        }
        if (closed) {
            throw new ClosedException("the loader was closed", null, null);
        }
    }

    private boolean isFull(NewEvent event) {
        return buffered > 0 && buffered + event.payload().length() > options.bufferBytes;
    }

    private void take(QueueName queue, NewEvent event, @Nullable CompletableFuture<EventId> id) {
        LoadLane lane = lane(queue);
        LoadBatch batch = lane.open();
        if (batch == null) {
            batch = open(lane);
        }
        batch.writer().add(event);
        buffered += batch.grown();
        if (id != null) {
            batch.track(id);
        }
        if (batch.events() >= options.batchEvents || batch.bytes() >= options.batchBytes) {
            lane.seal();
            queue(lane);
        }
    }

    private LoadBatch open(LoadLane lane) {
        BlockWriter writer = spare.poll();
        LoadBatch batch = lane.open(writer == null ? new BlockWriter(options.bot) : writer);
        if (lingering.add(batch)) {
            work.signal();
        }
        return batch;
    }

    private LoadLane lane(QueueName queue) {
        LoadLane lane = lanes.get(queue);
        if (lane == null) {
            if (lanes.size() == MOST_LANES) {
                throw new IllegalStateException("a loader writes to at most " + MOST_LANES + " queues");
            }
            lane = new LoadLane(queue, connection.producer(queue, options.producer));
            lanes.put(queue, lane);
            begin(lane);
        }
        return lane;
    }

    private void begin(LoadLane lane) {
        Futures.onDone(lane.before(), (info, failed) -> {
            if (failed != null) {
                fail(lane.queue(), Replies.of(failed));
                return;
            }
            lock.lock();
            try {
                lane.begin(info);
                queue(lane);
            } finally {
                lock.unlock();
            }
        });
    }

    @Nullable
    ProducerInfo before(QueueName queue) {
        LoadLane lane;
        lock.lock();
        try {
            lane = lane(queue);
        } finally {
            lock.unlock();
        }
        return Replies.await(lane.before());
    }

    /** Puts a lane before the sender if there is something for it. */
    private void queue(LoadLane lane) {
        if (!lane.queued && lane.canSend(options.inFlight)) {
            lane.queued = true;
            ready.add(lane);
            work.signal();
        }
    }

    private void run() {
        try {
            for (LoadBatch batch = next(); batch != null; batch = next()) {
                send(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail(null, Replies.of(e));
        }
    }

    /** The next batch to send, or null when the loader has ended. */
    private @Nullable LoadBatch next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed || buffered > 0) {
                long wait = lingering.seal(this::queue);
                LoadLane lane = ready.poll();
                if (lane != null) {
                    LoadBatch batch = lane.send();
                    lane.queued = false;
                    queue(lane);
                    return batch;
                }
                if (wait > 0) {
                    work.awaitNanos(wait);
                } else {
                    work.await();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void send(LoadBatch batch) {
        BlockWriter writer = batch.takeWriter();
        Block block = writer.build(true);
        CompletableFuture<AppendResult> request =
                connection.append(batch.lane.queue(), block, producer, batch.sequence, options.deadline);
        lock.lock();
        try {
            if (spare.size() <= options.inFlight) {
                spare.add(writer);
            }
            batch.lane.sending(request);
            if (failure != null) {
                request.cancel(true);
            }
        } finally {
            lock.unlock();
        }
        Futures.onDone(request, (result, failed) -> {
            if (failed == null) {
                arrived(batch, result);
            } else {
                fail(batch.lane.queue(), Replies.of(failed));
            }
        });
    }

    private void arrived(LoadBatch batch, AppendResult result) {
        LoadLane lane = batch.lane;
        boolean telling;
        lock.lock();
        try {
            batch.result = result;
            telling = lane.startTelling();
        } finally {
            lock.unlock();
        }
        for (LoadBatch told = telling ? toTell(lane) : null; told != null; told = toTell(lane)) {
            AppendResult taken = told.result;
            if (taken != null) {
                try {
                    options.onAck.accept(told.ack(taken));
                } catch (RuntimeException e) {
                    // The listener's own affair: the events are durable whatever it thinks of it.
                }
                told.tell(taken);
            }
        }
    }

    private @Nullable LoadBatch toTell(LoadLane lane) {
        lock.lock();
        try {
            LoadBatch told = lane.nextToTell();
            if (told != null) {
                acknowledged += told.events();
                buffered -= told.bytes();
                room.signalAll();
                queue(lane);
                if (closed && buffered == 0) {
                    work.signal();
                }
            }
            return told;
        } finally {
            lock.unlock();
        }
    }

    private void fail(@Nullable QueueName queue, MillraceException cause) {
        List<LoadBatch> lost = new ArrayList<>();
        List<CompletableFuture<AppendResult>> requests = new ArrayList<>();
        lock.lock();
        try {
            if (failure != null) {
                return;
            }
            failure = cause;
            failedQueue = queue;
            for (LoadLane lane : lanes.values()) {
                lane.abandon().forEach(lost::add);
                lane.requests().forEach(requests::add);
            }
            ready.clear();
            lingering.clear();
            buffered = 0;
            closed = true;
            room.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        requests.forEach(request -> request.cancel(true));
        lost.forEach(batch -> batch.fail(failed(cause)));
    }

    /** A new one each time: try-with-resources can't add an exception to itself. */
    private LoadFailedException failed(MillraceException cause) {
        return new LoadFailedException(
                (failedQueue == null ? "" : "queue " + failedQueue + ": ") + cause.getMessage(),
                cause.problem().orElse(null),
                cause);
    }

    CompletableFuture<@Nullable Void> flush() {
        LoadFlush flush = new LoadFlush();
        lock.lock();
        try {
            if (failure != null) {
                return CompletableFuture.failedFuture(failed(failure));
            }
            for (LoadLane lane : lanes.values()) {
                lane.seal();
                queue(lane);
                lane.pending().forEach(batch -> batch.flush(flush));
            }
        } finally {
            lock.unlock();
        }
        flush.arrived();
        return flush.done();
    }

    long acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        close(options.deadline);
    }

    void close(Duration limit) {
        CompletableFuture<@Nullable Void> flushed;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            flushed = flush();
            closed = true;
            room.signalAll();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            flushed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            MillraceException late = new UnknownOutcomeException("not all was acknowledged within " + limit, null, e);
            fail(null, late);
            throw failed(late);
        } catch (InterruptedException e) {
            fail(null, new UnknownOutcomeException("interrupted before all was acknowledged", null, e));
            throw Replies.interrupted(e);
        } catch (ExecutionException e) {
            throw Replies.of(e);
        }
    }
}
