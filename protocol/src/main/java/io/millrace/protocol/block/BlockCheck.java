package io.millrace.protocol.block;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.protocol.Limits;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.event.JsonText;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a block that came over the wire against all that readers rely on: every line one event in the canonical form and
 * strict JSON, as many lines as the header counts, source timestamps as the header tells. Builds no trees.
 */
public final class BlockCheck {
    private static final String PAYLOAD = "payload";

    private final Block block;
    private final Consumer<String> writers;
    private final byte[] lines;
    private final LineHead head;
    private final ParentRanges parents = new ParentRanges();
    private boolean implicit;
    private long least;
    private long greatest;

    private BlockCheck(Block block, Consumer<String> writers) {
        this.block = block;
        this.writers = writers;
        this.lines = block.lines();
        this.head = new LineHead(lines);
    }

    /**
     * Checks an unstamped block.
     *
     * @return the source queues of its events' parents
     * @throws BlockException if the frame is at fault, or doesn't fit its lines
     * @throws InvalidEventsException if a line is at fault, naming it
     */
    public static List<ParentRange> check(Block block) {
        return check(block, writer -> {});
    }

    /**
     * As the shorter form.
     *
     * @param writers is told each line's own writer, where a line has one; what it throws ends the check
     */
    public static List<ParentRange> check(Block block, Consumer<String> writers) {
        BlockHeader.require(!block.header().stamped(), "a producer leaves the block's ids empty");
        return new BlockCheck(block, writers).run();
    }

    private List<ParentRange> run() {
        JsonText.check(lines);
        BlockHeader header = block.header();
        int start = 0;
        // One parser for all lines: to make one costs as much as to pass over 200 bytes.
        JsonParser parser = Json.strictLinesParser(lines);
        for (int line = 1; line <= header.events(); line++) {
            BlockHeader.require(start < lines.length, "the block has fewer lines than events");
            start = line(line, start, parser);
        }
        BlockHeader.require(start == lines.length, "the block has more lines than events");
        BlockHeader.require(
                header.implicitSource() == implicit
                        && header.leastSource() == least
                        && header.greatestSource() == greatest,
                "the block's source timestamps don't fit its lines");
        return parents.toList();
    }

    private int line(int line, int start, JsonParser parser) {
        int end = head.lineEnd(start);
        if (end - start > Limits.EVENT_BYTES) {
            throw InvalidEventsException.tooLarge(line, "the event is larger than " + Limits.EVENT_BYTES + " bytes");
        }
        require(end < lines.length && head.read(start, end), line);
        if (head.bot != null) {
            writers.accept(head.bot);
        }
        parents.add(head.correlation);
        source(head.source);
        payload(line, end, parser);
        return end + 1;
    }

    /**
     * What follows the head is one JSON value and the line's last brace. The head was read as text; as JSON it is only passed
     * over.
     */
    private static void payload(int line, int end, JsonParser parser) {
        try {
            require(parser.nextToken() == JsonToken.START_OBJECT, line);
            for (String name = ""; !PAYLOAD.equals(name); ) {
                name = parser.nextFieldName();
                require(name != null, line);
                parser.nextToken();
                parser.skipChildren();
            }
            require(
                    parser.nextToken() == JsonToken.END_OBJECT
                            && parser.currentLocation().getByteOffset() == end,
                    line);
        } catch (StreamConstraintsException e) {
            throw InvalidEventsException.at(line, null, Json.TOO_DEEP);
        } catch (IOException e) {
            throw InvalidEventsException.at(line, null, Json.NOT_JSON);
        }
    }

    private void source(@Nullable Long millis) {
        if (millis == null) {
            implicit = true;
            return;
        }
        least = least == 0 ? millis : Math.min(least, millis);
        greatest = Math.max(greatest, millis);
    }

    private static void require(boolean condition, int line) {
        if (!condition) {
            throw InvalidEventsException.at(line, null, "the block's line is not an event in the canonical form");
        }
    }
}
