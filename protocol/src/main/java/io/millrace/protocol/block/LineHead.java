package io.millrace.protocol.block;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Trace;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.json.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a line before the payload's value, in the one canonical form that the package describes. Reads bytes, not
 * tokens: nothing but that form passes, and where the payload begins is certain.
 */
final class LineHead {
    private static final byte[] ID = ascii("{\"id\":\"");
    private static final byte[] CORRELATION = ascii("\"correlation_id\":{\"source\":\"");
    private static final byte[] START = ascii("\"start\":\"");
    private static final byte[] END = ascii("\"end\":\"");
    private static final byte[] UNITS = ascii("\"units\":");
    private static final byte[] SOURCE = ascii("\"event_source_timestamp\":");
    private static final byte[] TRACE = ascii("\"trace\":{\"traceparent\":\"");
    private static final byte[] STATE = ascii("\"tracestate\":\"");
    private static final byte[] PAYLOAD = ascii("\"payload\":");

    /** More digits than these could overflow a long. */
    private static final int MAX_DIGITS = 18;

    private final byte[] lines;
    private int at;
    private int end;

    @Nullable
    String bot;

    @Nullable
    Correlation correlation;

    @Nullable
    Long source;

    @Nullable
    Trace trace;

    /** Where the payload's value begins; the line's closing brace ends it. */
    int payloadStart;

    LineHead(byte[] lines) {
        this.lines = lines;
    }

    /** The place of the line feed that ends the line, or the end of all lines where there is none. */
    int lineEnd(int start) {
        return Words.indexOf(lines, start, '\n');
    }

    /**
     * Reads the line whose bytes are {@code start} to {@code lineEnd}, without its line feed.
     *
     * @return false if it isn't in the canonical form; the payload's own JSON isn't looked at
     */
    boolean read(int start, int lineEnd) {
        at = start;
        end = lineEnd;
        bot = null;
        correlation = null;
        source = null;
        trace = null;
        if (take(ID)) {
            bot = text();
            if (bot == null || !BotId.isValid(bot) || !take(',')) {
                return false;
            }
        } else if (!take('{')) {
            return false;
        }
        if (take(CORRELATION)) {
            correlation = correlation();
            if (correlation == null || !take(',')) {
                return false;
            }
        }
        if (take(SOURCE)) {
            long millis = number();
            if (millis < 1 || millis > EventId.MAX_MILLIS || !take(',')) {
                return false;
            }
            source = millis;
        }
        if (take(TRACE)) {
            trace = trace();
            if (trace == null || !take(',')) {
                return false;
            }
        }
        if (!take(PAYLOAD)) {
            return false;
        }
        payloadStart = at;
        // All JSON values begin and end with a visible ASCII character; a byte order mark is one of those that don't.
        return end - 1 > at && lines[end - 1] == '}' && lines[at] > ' ' && lines[end - 2] > ' ';
    }

    private @Nullable Correlation correlation() {
        String from = text();
        String first = from != null && take(',') && take(START) ? text() : null;
        if (from == null || first == null || !take(',')) {
            return null;
        }
        String last = null;
        if (take(END)) {
            last = text();
            if (last == null || !take(',')) {
                return null;
            }
        }
        long units = take(UNITS) ? number() : 0;
        if (units < 1 || !take('}')) {
            return null;
        }
        try {
            return new Correlation(from, first, last, units);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable Trace trace() {
        String parent = text();
        String state = null;
        if (parent != null && take(',')) {
            state = take(STATE) ? text() : null;
            if (state == null) {
                return null;
            }
        }
        if (parent == null || !take('}')) {
            return null;
        }
        try {
            return new Trace(parent, state);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The rest of a string whose opening quote was taken, with its closing quote; null if it isn't JSON. */
    private @Nullable String text() {
        int from = at;
        boolean plain = true;
        while (at < end && lines[at] != '"') {
            boolean escape = lines[at] == '\\';
            plain &= !escape && lines[at] >= ' ';
            at += escape ? 2 : 1;
        }
        if (at >= end) {
            return null;
        }
        at++;
        if (plain) {
            return new String(lines, from, at - 1 - from, StandardCharsets.ISO_8859_1);
        }
        try {
            return Json.read(lines, from - 1, at - from + 1, String.class);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A JSON integer without sign, or -1. */
    private long number() {
        int from = at;
        long value = 0;
        while (at < end && lines[at] >= '0' && lines[at] <= '9' && at - from < MAX_DIGITS) {
            value = value * 10 + lines[at++] - '0';
        }
        boolean leadingZero = at - from > 1 && lines[from] == '0';
        return at == from || leadingZero ? -1 : value;
    }

    private boolean take(char expected) {
        if (at < end && lines[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private boolean take(byte[] expected) {
        int after = at + expected.length;
        if (after <= end && Arrays.equals(lines, at, after, expected, 0, expected.length)) {
            at = after;
            return true;
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
