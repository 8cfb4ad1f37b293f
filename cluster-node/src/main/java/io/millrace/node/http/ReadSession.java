package io.millrace.node.http;

import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.node.filter.EventFilter;
import io.millrace.node.filter.InvalidFilterException;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockException;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.event.EventOutput;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One read, block by block. Without following it ends at the tail as it stood at its first step.
 *
 * <p>Not thread-safe: {@link #next} may be called again when its stage is done.
 */
final class ReadSession {
    /** Stored bytes that one step asks for: what a slow client keeps in memory. */
    private static final int STEP_BYTES = 1 << 20;

    /** Where a gathered answer ends, in bytes: what one reader may keep in memory. */
    private static final int GATHERED_BYTES = 8 << 20;

    /** A filtered read ends after so many events or so long, with the place to go on. */
    static final int SCAN_EVENTS = 100_000;

    private static final long SCAN_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int CLOCK_EVERY = 256;

    /** How long one step of a follower waits; its client is told sooner that the connection lives. */
    private static final Duration FOLLOW_WAIT = Duration.ofSeconds(20);

    private static final int FORMAT_HERE = 16 << 10;
    private static final int FIELDS_BYTES = 170;

    private final Queues queues;
    private final ReadRequest request;
    private final @Nullable EventFilter filter;
    private final Executor decoding;
    private final long began = System.nanoTime();
    private final Deque<Block> pending = new ArrayDeque<>();
    private Cursor cursor;
    private Position seen;
    private @Nullable Position bound;
    private @Nullable EventId skippedTo;
    private @Nullable EventId notice;
    private boolean started;
    private boolean lastStep;
    private boolean done;
    private long given;
    private long stored;
    private long written;
    private long scanned;

    ReadSession(Queues queues, ReadRequest request, @Nullable EventFilter filter, Executor decoding) {
        this.queues = queues;
        this.request = request;
        this.filter = filter;
        this.decoding = decoding;
        this.cursor = Cursor.after(request.after());
        this.seen = request.after();
    }

    /** Where to go on. */
    Position position() {
        return seen;
    }

    /** Where the read went on, as far as it has come, if retention has removed what was next; else null. */
    @Nullable
    EventId skippedTo() {
        return skippedTo;
    }

    boolean isDone() {
        return done;
    }

    /** The next piece, perhaps without bytes; nothing when the read has ended. Fails with a {@link Refusal}. */
    CompletionStage<Optional<ByteString>> next() {
        if (done) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return pending.isEmpty() && notice == null ? step().thenCompose(nothing -> take()) : take();
    }

    private CompletionStage<Void> step() {
        Duration wait = !started ? request.patience() : request.follows() ? FOLLOW_WAIT : Duration.ZERO;
        boolean begun = started;
        started = true;
        return queues.read(request.queue(), cursor, STEP_BYTES, wait).thenCompose(outcome -> {
            ReadStep step = value(outcome);
            skip(step.skippedTo(), begun);
            cursor = step.next();
            pending.addAll(step.blocks());
            lastStep = step.atTail() && !request.follows();
            return lastStep || waits() || bound != null || isEnough()
                    ? CompletableFuture.completedStage(null)
                    : queues.tail(request.queue()).thenAccept(this::endAt);
        });
    }

    /**
     * Who is told in the header is told there; followers by an event of the stream's own, since browsers see no header. Lines
     * that are on their way already have no place for it: they break off, and the next read's header tells.
     */
    private void skip(@Nullable EventId kept, boolean begun) {
        if (kept == null || kept.equals(skippedTo)) {
            return;
        }
        if (begun && !request.follows() && !request.gathers()) {
            throw Refusal.of(ProblemType.UNAVAILABLE, "retention has removed what was to be read next; read on");
        }
        skippedTo = kept;
        notice = request.follows() ? kept : null;
    }

    /** Who waits for events reads on anyway, so it doesn't matter where the tail was. */
    private boolean waits() {
        return request.follows() || !request.patience().isZero();
    }

    private void endAt(Outcome<Optional<EventId>> tail) {
        bound = value(tail).map(Position::of).orElse(seen);
    }

    /** Whether the limit will be reached within what is there, so that it doesn't matter where the tail is. */
    private boolean isEnough() {
        return filter == null
                && request.limit()
                        <= pending.stream()
                                .mapToLong(block -> slice(block).events())
                                .sum();
    }

    private static <T> T value(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T> done) {
            return done.value();
        }
        throw new Refusal(((Outcome.Refused<T>) outcome).problem());
    }

    private CompletionStage<Optional<ByteString>> take() {
        EventId kept = notice;
        if (kept != null) {
            notice = null;
            return CompletableFuture.completedStage(
                    Optional.of(ByteString.fromString("event: skipped\ndata: {\"skippedTo\":\"" + kept + "\"}\n\n")));
        }
        Block block = pending.poll();
        if (block == null) {
            done = lastStep;
            return CompletableFuture.completedStage(
                    done ? Optional.empty() : Optional.of(ByteString.emptyByteString()));
        }
        boolean here = request.form() == EventForm.BLOCKS || block.header().rawLength() <= FORMAT_HERE;
        return CompletableFuture.supplyAsync(
                () -> {
                    ByteString piece = piece(block);
                    done |= isOver();
                    return Optional.of(piece);
                },
                here ? Runnable::run : decoding);
    }

    private boolean isOver() {
        return (pending.isEmpty() && lastStep)
                || given >= request.limit()
                || stored >= request.bytes()
                || (request.gathers() && written >= GATHERED_BYTES);
    }

    private BlockSlice slice(Block block) {
        return BlockSlice.of(block.header(), seen, request.until(), bound);
    }

    private ByteString piece(Block block) {
        BlockSlice slice = slice(block);
        done |= slice.to() < block.header().events();
        if (slice.events() == 0) {
            return ByteString.emptyByteString();
        }
        stored += block.length();
        ByteString piece = request.form() == EventForm.BLOCKS ? whole(block, slice) : events(block, slice);
        written += piece.size();
        return piece;
    }

    private ByteString whole(Block block, BlockSlice slice) {
        given += block.header().events() - slice.from();
        seen = Position.of(block.header().last());
        return ByteString.fromArrayUnsafe(block.toBytes());
    }

    private ByteString events(Block block, BlockSlice slice) {
        EventOutput output =
                new EventOutput(filter == null ? block.header().rawLength() + slice.events() * FIELDS_BYTES : 0);
        try {
            BlockReader reader = new BlockReader(block);
            while (reader.index() + 1 < slice.to() && given < request.limit() && !isScanOver() && reader.advance()) {
                if (reader.index() >= slice.from()) {
                    event(reader.event(), output);
                }
            }
            if (reader.index() >= slice.from()) {
                seen = Position.of(reader.eid());
            }
        } catch (BlockException e) {
            throw new IllegalStateException("a stored block is corrupt: " + block.header(), e);
        } catch (InvalidFilterException e) {
            throw Refusal.field(ProblemType.UNPROCESSABLE, "where", String.valueOf(e.getMessage()));
        }
        return ByteString.fromArrayUnsafe(output.take());
    }

    private void event(Event event, EventOutput output) {
        scanned++;
        if (filter == null || filter.matches(event)) {
            request.form().write(output, event, given == 0);
            given++;
        }
    }

    private boolean isScanOver() {
        if (filter == null || request.follows()) {
            return false;
        }
        boolean late = scanned % CLOCK_EVERY == 0 && scanned > 0 && System.nanoTime() - began > SCAN_NANOS;
        done |= scanned >= SCAN_EVENTS || late;
        return done && (scanned >= SCAN_EVENTS || late);
    }
}
