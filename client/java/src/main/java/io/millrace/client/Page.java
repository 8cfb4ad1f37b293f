package io.millrace.client;

import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockHeader;
import io.millrace.protocol.block.BlockReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a read, trimmed to what was asked for. Walks its events once, decompressing a block when it is reached.
 */
final class Page {
    private final Iterator<Supplier<@Nullable Event>> parts;
    private final long events;
    private final Position next;
    private final boolean end;
    private @Nullable Supplier<@Nullable Event> current;

    private Page(List<Supplier<@Nullable Event>> parts, long events, Position next, boolean end) {
        this.parts = parts.iterator();
        this.events = events;
        this.next = next;
        this.end = end;
    }

    static Page empty(Position next, boolean end) {
        return new Page(List.of(), 0, next, end);
    }

    /** The events of {@code body} past {@code after}, up to {@code until}, at most {@code limit}. */
    static Page ofBlocks(byte[] body, Position after, @Nullable Position until, long limit) {
        List<Supplier<@Nullable Event>> parts = new ArrayList<>();
        Position next = after;
        long events = 0;
        boolean end = false;
        for (Block block : Block.readAll(ByteBuffer.wrap(body))) {
            BlockHeader header = block.header();
            int from = indexAfter(header, next);
            int upTo = until == null ? header.events() : indexAfter(header, until);
            int to = Math.min(upTo, from + (int) Math.min(limit - events, header.events()));
            end |= to < header.events() || events + to - from == limit;
            if (to > from) {
                EventId last = header.idAt(to - 1);
                end |= until != null && !until.isBefore(last) && until.equals(Position.of(last));
                next = Position.of(last);
                events += to - from;
                parts.add(new BlockPart(block, from, to));
            }
        }
        return new Page(parts, events, next, end);
    }

    static Page ofLines(byte[] body, Position next, @Nullable Position until, long limit) {
        List<Event> kept = new ArrayList<>();
        boolean end = false;
        Position reached = next;
        for (Event event : EventLines.read(body)) {
            if (until != null && until.isBefore(event.eid())) {
                end = true;
                break;
            }
            kept.add(event);
            reached = reached.isBefore(event.eid()) ? Position.of(event.eid()) : reached;
            if (kept.size() == limit) {
                end = true;
                break;
            }
        }
        end |= until != null && reached.equals(until);
        Iterator<Event> iterator = kept.iterator();
        return new Page(List.of(() -> iterator.hasNext() ? iterator.next() : null), kept.size(), reached, end);
    }

    /** How many events of the block lie at or before the position. */
    private static int indexAfter(BlockHeader header, Position position) {
        if (position.isBefore(header.first())) {
            return 0;
        }
        return position.isBefore(header.last()) ? (int) position.firstAfter().minus(header.first()) : header.events();
    }

    long events() {
        return events;
    }

    /** Where to read on. */
    Position nextPosition() {
        return next;
    }

    /** Whether the read ends with this page. */
    boolean isEnd() {
        return end;
    }

    /** The next event, or null if there is none left. */
    @Nullable
    Event nextEvent() {
        while (true) {
            Event event = current == null ? null : current.get();
            if (event != null) {
                return event;
            }
            if (!parts.hasNext()) {
                return null;
            }
            current = parts.next();
        }
    }

    private static final class BlockPart implements Supplier<@Nullable Event> {
        private @Nullable Block block;
        private final int from;
        private final int to;
        private @Nullable BlockReader reader;

        BlockPart(Block block, int from, int to) {
            this.block = block;
            this.from = from;
            this.to = to;
        }

        @Override
        public @Nullable Event get() {
            BlockReader lines = reader == null ? open() : reader;
            if (lines.index() + 1 == to) {
                return null;
            }
            lines.advance();
            return lines.event();
        }

        private BlockReader open() {
            Block source = block;
            if (source == null) {
                throw new IllegalStateException("a block is opened once");
            }
            BlockReader lines = new BlockReader(source);
            for (int i = 0; i < from; i++) {
                lines.advance();
            }
            reader = lines;
            block = null;
            return lines;
        }
    }
}
