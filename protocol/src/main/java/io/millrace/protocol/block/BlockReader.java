package io.millrace.protocol.block;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the events of one block in order. Payloads are slices of the block's lines, parsed by nobody until asked for.
 *
 * <pre>{@code
 * BlockReader reader = new BlockReader(block);
 * while (reader.advance()) {
 *     reader.event();
 * }
 * }</pre>
 *
 * <p>What is asked of the current event before the first {@link #advance} throws {@link NoSuchElementException}.
 */
public final class BlockReader {
    private final BlockHeader header;
    private final byte[] lines;
    private final LineHead head;
    private int index = -1;
    private int next;

    /** @throws BlockException if the lines are corrupt */
    public BlockReader(Block block) {
        this.header = block.header();
        this.lines = block.lines();
        this.head = new LineHead(lines);
    }

    /**
     * Moves to the next event.
     *
     * @return false if there is none
     * @throws BlockException if the lines aren't in the canonical form or don't fit the header's count
     */
    public boolean advance() {
        if (index + 1 == header.events()) {
            BlockHeader.require(next == lines.length, "the block has more lines than events");
            return false;
        }
        int end = head.lineEnd(next);
        BlockHeader.require(end < lines.length && head.read(next, end), "a line of the block is not an event");
        next = end + 1;
        index++;
        return true;
    }

    /** From 0; -1 before the first {@link #advance}. */
    public int index() {
        return index;
    }

    public EventId eid() {
        requireCurrent();
        return header.idAt(index);
    }

    public @Nullable Correlation correlation() {
        requireCurrent();
        return head.correlation;
    }

    public Payload payload() {
        requireCurrent();
        return Payload.ofJson(lines, head.payloadStart, next - 2 - head.payloadStart);
    }

    /** The current event of a stamped block. */
    public Event event() {
        EventId eid = eid();
        Long source = head.source;
        String writer = header.writer().isEmpty() ? null : header.writer();
        return new Event(
                head.bot != null ? head.bot : writer,
                header.queue(),
                eid,
                eid.millis(),
                source != null ? source : eid.millis(),
                head.correlation,
                head.trace,
                payload());
    }

    /** The current event as one that no queue has taken. */
    public NewEvent newEvent() {
        return new NewEvent(payload(), head.correlation, head.source, head.bot, head.trace);
    }

    private void requireCurrent() {
        if (index < 0) {
            throw new NoSuchElementException("advance() comes first");
        }
    }
}
