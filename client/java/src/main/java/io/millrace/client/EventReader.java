package io.millrace.client;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a queue in order, waiting for pages as needed; while one is consumed the next is fetched. Can be walked once, by
 * one thread; {@link #close} may come from any. Payloads are slices of what was read, parsed by nobody until asked for.
 *
 * <p>Waiting methods throw {@link MillraceException}s when the bus can't be reached within the client's deadline, and
 * {@link InterruptedCallException}.
 */
public final class EventReader implements Iterable<Event>, AutoCloseable {
    private final PageStream pages;
    private final long mostBytes;
    private Position position;
    private @Nullable Page page;
    private @Nullable Event next;
    private long bytes;
    private volatile boolean closed;

    EventReader(PageStream pages, ReadOptions options) {
        this.pages = pages;
        this.mostBytes = options.bytes;
        this.position = options.after;
    }

    /** Waits for the next event; false when the read has ended or was closed. */
    public boolean hasNext() {
        if (next == null) {
            next = fetch();
        }
        return next != null;
    }

    private @Nullable Event fetch() {
        while (!closed && bytes < mostBytes) {
            Event event = page == null ? null : page.nextEvent();
            if (event != null) {
                return event;
            }
            if (page != null && page.isEnd()) {
                return null;
            }
            try {
                page = Replies.await(pages.next());
            } catch (MillraceException e) {
                if (closed && !(e instanceof InterruptedCallException)) {
                    return null;
                }
                throw e;
            }
        }
        return null;
    }

    /**
     * The next event.
     *
     * @throws NoSuchElementException if the read has ended
     */
    public Event next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the read has ended");
        }
        Event event = next;
        if (event == null) {
            throw new AssertionError("hasNext() found an event");
        }
        next = null;
        bytes += event.payload().length();
        position = Position.of(event.eid());
        return event;
    }

    /** The position after the last event given: where another read would go on. */
    public Position position() {
        return position;
    }

    /**
     * Where the read last went on because retention had removed what was next; empty if that never was so. What is fetched ahead
     * counts: it may be told a page before {@link #next} gets there.
     */
    public Optional<EventId> skippedTo() {
        return Optional.ofNullable(pages.skippedTo());
    }

    /** Walks this reader itself, which can be walked once. */
    @Override
    public Iterator<Event> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return EventReader.this.hasNext();
            }

            @Override
            public Event next() {
                return EventReader.this.next();
            }
        };
    }

    /** Hands each event to {@code action} and closes the reader. */
    @Override
    public void forEach(Consumer<? super Event> action) {
        try (this) {
            while (hasNext()) {
                action.accept(next());
            }
        }
    }

    /**
     * Waits for at least one event and takes up to {@code limits}; empty when the read has ended. The time counts from the
     * first event, and is looked at between events: it never cuts a wait for the next page short.
     */
    public List<Event> batch(BatchLimits limits) {
        List<Event> batch = new ArrayList<>();
        long size = 0;
        long end = 0;
        while (batch.size() < limits.count() && size < limits.bytes() && hasNext()) {
            Event event = next();
            batch.add(event);
            size += event.payload().length();
            if (batch.size() == 1) {
                end = System.nanoTime() + limits.time().toNanos();
            }
            if (!hasReady() && System.nanoTime() - end >= 0) {
                break;
            }
        }
        return batch;
    }

    private boolean hasReady() {
        if (next == null && page != null && bytes < mostBytes) {
            next = page.nextEvent();
        }
        return next != null;
    }

    /** Ends the read; a waiting {@link #hasNext} answers false. */
    @Override
    public void close() {
        closed = true;
        pages.cancel();
    }
}
