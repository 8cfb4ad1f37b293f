package io.millrace.protocol.block;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Limits;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Trace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers events into one block. Not thread-safe; after {@link #build} it is empty and can be used again.
 *
 * <p>Bounded by the wire's limits: {@link #fits} tells whether an event still has room.
 */
public final class BlockWriter {
    private static final byte[] PAYLOAD = ascii("\"payload\":");

    private final String writer;
    private byte[] lines = new byte[4_096];
    private int length;
    private int events;
    private long leastSource;
    private long greatestSource;
    private boolean implicitSource;

    /** @param writer the bot that writes, or empty */
    public BlockWriter(String writer) {
        this.writer = writer;
    }

    public int events() {
        return events;
    }

    /** Bytes of JSON so far. */
    public int rawLength() {
        return length;
    }

    public boolean isEmpty() {
        return events == 0;
    }

    /** True if the event can be added without passing a limit. */
    public boolean fits(NewEvent event) {
        return events < Limits.REQUEST_EVENTS && length + event.encodedBound() <= Limits.REQUEST_BYTES;
    }

    /**
     * Adds an event.
     *
     * @throws IllegalArgumentException if it doesn't fit, or is larger than {@link Limits#EVENT_BYTES}
     */
    public void add(NewEvent event) {
        int bound = event.encodedBound();
        if (bound > Limits.EVENT_BYTES || !fits(event)) {
            throw new IllegalArgumentException("the event is larger than 4 MiB, or the block is full");
        }
        ensure(bound);
        lines[length++] = '{';
        String bot = event.bot();
        if (bot != null && !bot.equals(writer)) {
            put("\"id\":\"").put(bot).put("\",");
        }
        correlation(event.correlation());
        source(event.sourceTimestamp());
        trace(event.trace());
        put(PAYLOAD);
        event.payload().copyTo(lines, length);
        length += event.payload().length();
        lines[length++] = '}';
        lines[length++] = '\n';
        events++;
    }

    private void correlation(@Nullable Correlation correlation) {
        if (correlation == null) {
            return;
        }
        put("\"correlation_id\":{\"source\":\"").quoted(correlation.source());
        put("\",\"start\":\"").quoted(correlation.start());
        String end = correlation.end();
        if (end != null) {
            put("\",\"end\":\"").quoted(end);
        }
        put("\",\"units\":").put(Long.toString(correlation.units())).put("},");
    }

    private void source(@Nullable Long timestamp) {
        if (timestamp == null) {
            implicitSource = true;
            return;
        }
        put("\"event_source_timestamp\":").put(Long.toString(timestamp)).put(",");
        noteSource(timestamp, timestamp);
    }

    private void trace(@Nullable Trace trace) {
        if (trace == null) {
            return;
        }
        put("\"trace\":{\"traceparent\":\"").put(trace.traceparent());
        String state = trace.tracestate();
        if (state != null) {
            put("\",\"tracestate\":\"").quoted(state);
        }
        put("\"},");
    }

    private void noteSource(long least, long greatest) {
        leastSource = leastSource == 0 ? least : Math.min(leastSource, least);
        greatestSource = Math.max(greatestSource, greatest);
    }

    /** True if the block's lines can be taken over as they are. */
    public boolean fits(Block block) {
        return events + block.header().events() <= Limits.REQUEST_EVENTS
                && length + block.header().rawLength() <= Limits.REQUEST_BYTES
                && block.header().writer().equals(writer);
    }

    /**
     * Takes over all lines of a block of the same writer.
     *
     * @throws BlockException if the lines are corrupt
     */
    public void addAll(Block block) {
        if (!fits(block)) {
            throw new IllegalArgumentException("the block doesn't fit into this one");
        }
        byte[] added = block.lines();
        ensure(added.length);
        System.arraycopy(added, 0, lines, length, added.length);
        length += added.length;
        events += block.header().events();
        implicitSource |= block.header().implicitSource();
        if (block.header().greatestSource() != 0) {
            noteSource(block.header().leastSource(), block.header().greatestSource());
        }
    }

    /**
     * The events so far as one unstamped block.
     *
     * @param compress whether to try zstd; the block stays uncompressed where that gains nothing
     * @throws IllegalStateException if there are none
     */
    public Block build(boolean compress) {
        if (events == 0) {
            throw new IllegalStateException("a block has at least one event");
        }
        BlockHeader header = new BlockHeader(
                false,
                false,
                implicitSource,
                events,
                EventId.MIN,
                EventId.MIN,
                leastSource,
                greatestSource,
                length,
                length,
                0,
                writer,
                "");
        Block block = Block.ofLines(compress ? lines : Arrays.copyOf(lines, length), length, header, compress);
        if (compress && !block.header().zstd()) {
            lines = new byte[4_096]; // the block kept the buffer
        }
        length = 0;
        events = 0;
        leastSource = 0;
        greatestSource = 0;
        implicitSource = false;
        return block;
    }

    private void ensure(int more) {
        if (length + more > lines.length) {
            lines = Arrays.copyOf(lines, Math.max(length + more, lines.length * 2));
        }
    }

    private BlockWriter put(String text) {
        return put(ascii(text));
    }

    private BlockWriter put(byte[] bytes) {
        System.arraycopy(bytes, 0, lines, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void quoted(String text) {
        put(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
