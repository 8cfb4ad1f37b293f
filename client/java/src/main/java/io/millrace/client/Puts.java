package io.millrace.client;

import io.millrace.client.PutLane.Put;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** The put lanes of one client, by queue. */
final class Puts {
    /** Beyond this, lanes at rest are let go; one that comes back numbers its requests under a new name. */
    private static final int MOST_LANES = 4_096;

    private final Connection connection;
    private final String name = "put-" + UUID.randomUUID();
    private final AtomicLong producers = new AtomicLong();
    private final Map<QueueName, PutLane> lanes = new HashMap<>();
    private boolean closed;

    Puts(Connection connection) {
        this.connection = connection;
    }

    CompletableFuture<AppendResult> put(QueueName queue, List<NewEvent> events) {
        Put put = Put.of(events);
        PutLane lane;
        boolean first;
        synchronized (this) {
            if (closed) {
                throw new ClosedException("the client was closed", null, null);
            }
            if (lanes.size() >= MOST_LANES && !lanes.containsKey(queue)) {
                lanes.values().removeIf(PutLane::isIdle);
            }
            lane = lanes.computeIfAbsent(queue, q -> new PutLane(connection, q, this::producer));
            first = lane.offer(put); // inside the lock: a lane that takes a put is never let go
        }
        if (first) {
            lane.sendNext();
        }
        return put.result();
    }

    private ProducerId producer() {
        return new ProducerId(name + "-" + producers.incrementAndGet());
    }

    /** Completes when no put is under way; call it after {@link #close}. */
    synchronized CompletableFuture<?> drained() {
        return CompletableFuture.allOf(
                lanes.values().stream().map(PutLane::drained).toArray(CompletableFuture<?>[]::new));
    }

    synchronized void close() {
        closed = true;
    }
}
