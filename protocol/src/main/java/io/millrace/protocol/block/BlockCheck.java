package io.millrace.protocol.block;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Limits;
import io.millrace.protocol.event.InvalidEventsException;
import io.millrace.protocol.event.JsonText;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.util.List;

/**
 * Holds a block that came over the wire against all that readers rely on: every line one event in the canonical form and
 * strict JSON, as many lines as the header counts, source timestamps as the header tells. Builds no trees.
 */
public final class BlockCheck {
    private static final int PAYLOAD_FIELD = "\"payload\":".length();

    private final Block block;
    private final byte[] lines;
    private final ParentRanges parents = new ParentRanges();
    private boolean implicit;
    private long least;
    private long greatest;

    private BlockCheck(Block block) {
        this.block = block;
        this.lines = block.lines();
    }

    /**
     * Checks an unstamped block.
     *
     * @return the source queues of its events' parents
     * @throws BlockException if the frame or the form of a line is at fault
     * @throws InvalidEventsException if a line's JSON is at fault, naming the line
     */
    public static List<ParentRange> check(Block block) {
        BlockHeader.require(!block.header().stamped(), "a producer leaves the block's ids empty");
        return new BlockCheck(block).run();
    }

    private List<ParentRange> run() {
        JsonText.check(lines);
        try (JsonParser parser = Json.strictParser(lines, 0, lines.length)) {
            int start = 0;
            for (int line = 1; line <= block.header().events(); line++) {
                start = line(parser, line, start);
            }
            BlockHeader.require(start == lines.length, "the block has more lines than events");
        } catch (StreamConstraintsException e) {
            throw new BlockException("the block nests deeper than " + Json.MAX_DEPTH + " levels");
        } catch (IOException e) {
            throw new BlockException("a line of the block is not valid JSON, or names a field twice");
        }
        BlockHeader header = block.header();
        BlockHeader.require(
                header.implicitSource() == implicit
                        && header.leastSource() == least
                        && header.greatestSource() == greatest,
                "the block's source timestamps don't fit its lines");
        return parents.toList();
    }

    private int line(JsonParser parser, int line, int start) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT && tokenStart(parser) == start, line);
        boolean source = false;
        for (String field = parser.nextFieldName(); !"payload".equals(field); field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field == null ? "" : field) {
                case "id" -> writer(parser.getText(), line);
                case "correlation_id" -> correlation(parser, line);
                case "event_source_timestamp" -> {
                    source = true;
                    timestamp(parser.getLongValue(), line);
                }
                default -> require(false, line);
            }
        }
        int value = (int) parser.currentTokenLocation().getByteOffset() + PAYLOAD_FIELD;
        require(value < lines.length && lines[value - 1] == ':', line);
        parser.nextToken();
        require(tokenStart(parser) == value, line);
        parser.skipChildren();
        parser.finishToken();
        require(parser.nextToken() == JsonToken.END_OBJECT, line);
        int end = (int) parser.currentLocation().getByteOffset();
        require(
                end < lines.length
                        && lines[end] == '\n'
                        && parser.currentLocation().getLineNr() == line,
                line);
        if (end - start > Limits.EVENT_BYTES) {
            throw InvalidEventsException.tooLarge(line, "the event is larger than " + Limits.EVENT_BYTES + " bytes");
        }
        implicit |= !source;
        return end + 1;
    }

    private void writer(String name, int line) {
        try {
            new BotId(name);
        } catch (IllegalArgumentException e) {
            require(false, line);
        }
    }

    private void correlation(JsonParser parser, int line) throws IOException {
        try {
            parents.add(Json.mapper().readValue(parser, Correlation.class));
        } catch (com.fasterxml.jackson.databind.JsonMappingException e) {
            require(false, line);
        }
    }

    private void timestamp(long millis, int line) {
        require(millis >= 1 && millis <= io.millrace.protocol.EventId.MAX_MILLIS, line);
        least = least == 0 ? millis : Math.min(least, millis);
        greatest = Math.max(greatest, millis);
    }

    private static int tokenStart(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static void require(boolean condition, int line) {
        if (!condition) {
            throw InvalidEventsException.at(line, null, "the block's line is not an event in the canonical form");
        }
    }
}
