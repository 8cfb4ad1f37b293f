package io.millrace.client;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a queue. Immutable; each method gives a changed copy. The first limit that is reached ends the read;
 * without {@link #follow} it ends at the queue's tail as it stood when the read began.
 */
public final class ReadOptions {
    /** From the beginning to the tail; pages of 4 MiB. */
    public static final ReadOptions DEFAULT = new ReadOptions(
            Position.BEGINNING, null, Long.MAX_VALUE, Long.MAX_VALUE, null, null, false, null, 4 << 20, skip -> {});

    final Position after;
    final @Nullable Position until;
    final long limit;
    final long bytes;
    final @Nullable Duration runTime;
    final @Nullable Instant stopTime;
    final boolean follow;
    final @Nullable String where;
    final int pageBytes;
    final Consumer<Skipped> onSkipped;

    private ReadOptions(
            Position after,
            @Nullable Position until,
            long limit,
            long bytes,
            @Nullable Duration runTime,
            @Nullable Instant stopTime,
            boolean follow,
            @Nullable String where,
            int pageBytes,
            Consumer<Skipped> onSkipped) {
        this.after = after;
        this.until = until;
        this.limit = limit;
        this.bytes = bytes;
        this.runTime = runTime;
        this.stopTime = stopTime;
        this.follow = follow;
        this.where = where;
        this.pageBytes = pageBytes;
        this.onSkipped = onSkipped;
    }

    /** Where to begin, exclusive: an event's id or a prefix of one, such as {@code z/2026/11}; default the beginning. */
    public ReadOptions after(Position position) {
        return new ReadOptions(position, until, limit, bytes, runTime, stopTime, follow, where, pageBytes, onSkipped);
    }

    /** As {@link #after(Position)}. */
    public ReadOptions after(EventId id) {
        return after(Position.of(id));
    }

    /** The last id to read, inclusive; of a prefix nothing that it prefixes is read. Default none. */
    public ReadOptions until(Position position) {
        return new ReadOptions(after, position, limit, bytes, runTime, stopTime, follow, where, pageBytes, onSkipped);
    }

    /** Events to read, from 1; default all. */
    public ReadOptions limit(long events) {
        return new ReadOptions(
                after,
                until,
                Check.positive("limit", events),
                bytes,
                runTime,
                stopTime,
                follow,
                where,
                pageBytes,
                onSkipped);
    }

    /** Bytes of payload after which no further event is given, from 1; default all. */
    public ReadOptions bytes(long payload) {
        return new ReadOptions(
                after,
                until,
                limit,
                Check.positive("bytes", payload),
                runTime,
                stopTime,
                follow,
                where,
                pageBytes,
                onSkipped);
    }

    /** How long to read, from the first page on; default without end. */
    public ReadOptions runTime(Duration time) {
        return new ReadOptions(
                after,
                until,
                limit,
                bytes,
                Check.positive("runTime", time),
                stopTime,
                follow,
                where,
                pageBytes,
                onSkipped);
    }

    /** When to stop reading, by this machine's clock; default never. */
    public ReadOptions stopTime(Instant time) {
        return new ReadOptions(after, until, limit, bytes, runTime, time, follow, where, pageBytes, onSkipped);
    }

    /** Whether to keep going when the tail is reached, as events come; default false. */
    public ReadOptions follow(boolean live) {
        return new ReadOptions(after, until, limit, bytes, runTime, stopTime, live, where, pageBytes, onSkipped);
    }

    /** Reads only events for which the expression holds; the node decides, and sends JSON lines instead of blocks. */
    public ReadOptions where(String expression) {
        return new ReadOptions(after, until, limit, bytes, runTime, stopTime, follow, expression, pageBytes, onSkipped);
    }

    /** Bytes to ask for at once, 64 KiB to 16 MiB, default 4 MiB; up to two pages are held at a time. */
    public ReadOptions pageBytes(int size) {
        return new ReadOptions(
                after,
                until,
                limit,
                bytes,
                runTime,
                stopTime,
                follow,
                where,
                Check.range("pageBytes", size, 64 << 10, 16 << 20),
                onSkipped);
    }

    /**
     * Told each time the read skips what retention has removed; default nobody. Called on a thread of the client's transport,
     * before the events behind the gap are given: it must not block.
     */
    public ReadOptions onSkipped(Consumer<Skipped> told) {
        return new ReadOptions(after, until, limit, bytes, runTime, stopTime, follow, where, pageBytes, told);
    }
}
