package io.millrace.protocol.block;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.Arrays;
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
 */
public final class BlockReader {
    private static final byte[] PLAIN = "{\"payload\":".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final BlockHeader header;
    private final byte[] lines;
    private int index = -1;
    private int next;
    private int lineStart;
    private int payloadStart;
    private @Nullable String bot;
    private @Nullable Correlation correlation;
    private @Nullable Long source;

    /** @throws BlockException if the lines are corrupt */
    public BlockReader(Block block) {
        this.header = block.header();
        this.lines = block.lines();
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
        index++;
        lineStart = next;
        int end = lineStart;
        while (end < lines.length && lines[end] != '\n') {
            end++;
        }
        BlockHeader.require(
                end < lines.length && end - lineStart > PLAIN.length && lines[end - 1] == '}',
                "a line of the block is not an event");
        next = end + 1;
        bot = null;
        correlation = null;
        source = null;
        if (Arrays.equals(lines, lineStart, lineStart + PLAIN.length, PLAIN, 0, PLAIN.length)) {
            payloadStart = lineStart + PLAIN.length;
        } else {
            readFields(end);
        }
        return true;
    }

    private void readFields(int end) {
        try (JsonParser parser = Json.mapper().createParser(lines, lineStart, end - lineStart)) {
            BlockHeader.require(parser.nextToken() == JsonToken.START_OBJECT, "a line of the block is not an event");
            while (true) {
                String field = parser.nextFieldName();
                if (field == null) {
                    throw new BlockException("an event of the block has no payload");
                }
                if (field.equals("payload")) {
                    // Canonical form: the value follows the field's colon at once.
                    payloadStart =
                            lineStart + (int) parser.currentTokenLocation().getByteOffset() + PLAIN.length - 1;
                    return;
                }
                parser.nextToken();
                switch (field) {
                    case "id" -> bot = parser.getText();
                    case "event_source_timestamp" -> source = parser.getLongValue();
                    case "correlation_id" -> correlation = parser.readValueAs(Correlation.class);
                    default -> throw new BlockException("an event of the block has an unknown field");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new BlockException("a line of the block is not an event");
        }
    }

    /** From 0. */
    public int index() {
        return index;
    }

    public EventId eid() {
        return header.idAt(index);
    }

    public @Nullable Correlation correlation() {
        return correlation;
    }

    public Payload payload() {
        return Payload.ofJson(lines, payloadStart, next - 2 - payloadStart);
    }

    /** The current event of a stamped block. */
    public Event event() {
        if (index < 0) {
            throw new NoSuchElementException("advance() comes first");
        }
        EventId eid = eid();
        String writer = bot != null ? bot : header.writer().isEmpty() ? null : header.writer();
        return new Event(
                writer,
                header.queue(),
                eid,
                eid.millis(),
                source != null ? source : eid.millis(),
                correlation,
                payload());
    }

    /** The current event as one that no queue has taken. */
    public NewEvent newEvent() {
        return new NewEvent(payload(), correlation, source, bot);
    }
}
