package io.millrace.client;

import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.ProducerInfo;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A sink for vast numbers of events into one queue or many. It gathers events into compressed batches, keeps several on
 * their way without ever reordering a queue, repeats without duplicates, and makes its caller wait when its buffer is full.
 * Thread-safe; events of one thread keep their order per queue.
 *
 * <p>If a batch can't be delivered, the loader fails as a whole: nothing after that batch goes into its queue, every method
 * throws {@link LoadFailedException}, and {@link LoadOptions#producer} lets another loader go on.
 */
public final class Loader implements AutoCloseable {
    private final LoadCore core;
    private final @Nullable QueueName queue;
    private final Runnable onClose;

    Loader(LoadCore core, @Nullable QueueName queue, Runnable onClose) {
        this.core = core;
        this.queue = queue;
        this.onClose = onClose;
    }

    /**
     * Adds an event, waiting while the buffer is full.
     *
     * @throws IllegalArgumentException if it is larger than 4 MiB
     * @throws LoadFailedException if the loader has failed
     * @throws ClosedException if it was closed
     * @throws InterruptedCallException if interrupted while it waited; the event was not taken
     */
    public void add(Payload payload) {
        core.add(target(), NewEvent.of(payload), null);
    }

    /** As {@link #add(Payload)}, with what is known beside the payload. */
    public void add(NewEvent event) {
        core.add(target(), event, null);
    }

    /** As {@link #add(Payload)}, into a queue of its own choice. */
    public void add(String queueName, Payload payload) {
        core.add(QueueName.of(queueName), NewEvent.of(payload), null);
    }

    /** As {@link #add(NewEvent)}, into a queue of its own choice. */
    public void add(String queueName, NewEvent event) {
        core.add(QueueName.of(queueName), event, null);
    }

    /** As {@link #add(Payload)}, but false instead of waiting when the buffer is full. */
    public boolean tryAdd(Payload payload) {
        return core.tryAdd(target(), NewEvent.of(payload));
    }

    /** As {@link #add(String, NewEvent)}, but false instead of waiting when the buffer is full. */
    public boolean tryAdd(String queueName, NewEvent event) {
        return core.tryAdd(QueueName.of(queueName), event);
    }

    /** As {@link #add(NewEvent)}; the stage tells this event's id once it is durable. Costs an object or two more. */
    public CompletionStage<EventId> track(NewEvent event) {
        return core.track(target(), event);
    }

    /** Sends what was added until now without waiting for more; completes when all of it is durable and readable. */
    public CompletionStage<@Nullable Void> flush() {
        return core.flush();
    }

    /**
     * How far the producer of this loader's name had come in a queue before this loader: empty if it was never there. Waits
     * for the bus's answer.
     */
    public Optional<ProducerInfo> resumedAfter(String queueName) {
        return Optional.ofNullable(core.before(QueueName.of(queueName)));
    }

    /** Events that were acknowledged, over all queues. */
    public long acknowledged() {
        return core.acknowledged();
    }

    /**
     * Flushes, waits for the acknowledgements, at most the batch deadline, and ends the loader.
     *
     * @throws LoadFailedException if not all events were acknowledged
     */
    @Override
    public void close() {
        try {
            core.close();
        } finally {
            onClose.run();
        }
    }

    private QueueName target() {
        if (queue == null) {
            throw new IllegalStateException("this loader has no queue of its own: name one with each event");
        }
        return queue;
    }
}
