package io.millrace.client;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.ProducerId;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Loader} gathers and sends. Immutable; each method gives a changed copy. A batch is closed by the first of
 * its three limits that is reached.
 */
public final class LoadOptions {
    /** 10,000 events, 1 MiB, 20 ms; 32 MiB buffered, 6 requests in flight per queue, 2 minutes per batch. */
    public static final LoadOptions DEFAULT = new LoadOptions(
            10_000, 1 << 20, Duration.ofMillis(20), 32 << 20, 6, Duration.ofMinutes(2), null, "", ack -> {});

    final int batchEvents;
    final int batchBytes;
    final Duration linger;
    final int bufferBytes;
    final int inFlight;
    final Duration deadline;
    final @Nullable ProducerId producer;
    final String bot;
    final Consumer<LoadAck> onAck;

    private LoadOptions(
            int batchEvents,
            int batchBytes,
            Duration linger,
            int bufferBytes,
            int inFlight,
            Duration deadline,
            @Nullable ProducerId producer,
            String bot,
            Consumer<LoadAck> onAck) {
        this.batchEvents = Check.range("batchEvents", batchEvents, 1, Limits.REQUEST_EVENTS);
        this.batchBytes = Check.range("batchBytes", batchBytes, 1, Limits.REQUEST_BYTES / 2);
        this.linger = Check.positive("linger", linger);
        this.bufferBytes = Check.range("bufferBytes", bufferBytes, batchBytes, Integer.MAX_VALUE);
        this.inFlight = Check.range("inFlight", inFlight, 1, Limits.SEQUENCE_WINDOW);
        this.deadline = Check.positive("deadline", deadline);
        this.producer = producer;
        this.bot = bot;
        this.onAck = onAck;
    }

    /** Most events of a batch, 1 to 100,000; default 10,000. */
    public LoadOptions batchEvents(int events) {
        return new LoadOptions(events, batchBytes, linger, bufferBytes, inFlight, deadline, producer, bot, onAck);
    }

    /** Bytes of JSON after which a batch is closed, 1 to 8 MiB; default 1 MiB. */
    public LoadOptions batchBytes(int bytes) {
        return new LoadOptions(batchEvents, bytes, linger, bufferBytes, inFlight, deadline, producer, bot, onAck);
    }

    /** How long a batch that isn't full waits for more; default 20 ms. */
    public LoadOptions linger(Duration time) {
        return new LoadOptions(batchEvents, batchBytes, time, bufferBytes, inFlight, deadline, producer, bot, onAck);
    }

    /** Bytes of JSON that may be unacknowledged before {@code add} waits, at least {@code batchBytes}; default 32 MiB. */
    public LoadOptions bufferBytes(int bytes) {
        return new LoadOptions(batchEvents, batchBytes, linger, bytes, inFlight, deadline, producer, bot, onAck);
    }

    /** Requests on their way at once for one queue, 1 to 16; default 6. */
    public LoadOptions inFlight(int requests) {
        return new LoadOptions(batchEvents, batchBytes, linger, bufferBytes, requests, deadline, producer, bot, onAck);
    }

    /** How long a batch is tried before the loader gives up; default 2 minutes. */
    public LoadOptions deadline(Duration time) {
        return new LoadOptions(batchEvents, batchBytes, linger, bufferBytes, inFlight, time, producer, bot, onAck);
    }

    /**
     * The name under which requests are numbered, which lets another loader go on after this one was interrupted
     * ({@link Loader#resumedAfter}); default a new random one. Two loaders at once must not share a name.
     */
    public LoadOptions producer(String name) {
        return new LoadOptions(
                batchEvents, batchBytes, linger, bufferBytes, inFlight, deadline, new ProducerId(name), bot, onAck);
    }

    /** The bot that writes, which becomes the events' {@code id}; default none. */
    public LoadOptions bot(String name) {
        return new LoadOptions(
                batchEvents,
                batchBytes,
                linger,
                bufferBytes,
                inFlight,
                deadline,
                producer,
                new BotId(name).value(),
                onAck);
    }

    /**
     * Called for each acknowledged batch, in order per queue, one call at a time per queue, on a thread of the client. It
     * should be quick; what it throws is ignored.
     */
    public LoadOptions onAck(Consumer<LoadAck> listener) {
        return new LoadOptions(
                batchEvents, batchBytes, linger, bufferBytes, inFlight, deadline, producer, bot, listener);
    }
}
