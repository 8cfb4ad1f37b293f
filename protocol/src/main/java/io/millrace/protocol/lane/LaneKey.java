package io.millrace.protocol.lane;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.protocol.Payload;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The value in payloads by which events are divided among lanes, and its hash: the CRC-32C of UTF-8 text, for a text its
 * characters, for a number its {@link #number canonical form}, for {@code true}, {@code false} and {@code null} these words, for
 * an object or array its JSON without white space, names in the order of their UTF-16 code units. A payload without the value
 * counts as one with {@code null}. The lane is the hash, an unsigned number, modulo the number of lanes.
 *
 * <p>Fixed for good: it decides where the lanes of a bot go on after their number was changed.
 */
public final class LaneKey {
    /** Characters that a pointer may have. */
    public static final int MAX_LENGTH = 500;

    private static final String NULL = "null";

    /** Exponents beyond are left as they are written. */
    private static final int MAX_EXPONENT_DIGITS = 15;

    private final JsonPointer pointer;

    /**
     * The value that a pointer points at.
     *
     * @param pointer a JSON pointer (RFC 6901) into payloads; empty for the payload itself
     * @throws IllegalArgumentException if it is none, or longer than {@link #MAX_LENGTH}
     */
    public LaneKey(String pointer) {
        if (pointer.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a key has at most " + MAX_LENGTH + " characters");
        }
        this.pointer = JsonPointer.compile(pointer);
    }

    /**
     * Which lane a payload goes to.
     *
     * @param count how many lanes there are
     * @return from 0
     */
    public int lane(Payload payload, int count) {
        CRC32C crc = new CRC32C();
        crc.update(text(payload).getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % count);
    }

    /** What is hashed. */
    String text(Payload payload) {
        try (JsonParser parser = payload.parser()) {
            return find(parser, pointer) ? text(parser, true) : NULL;
        } catch (IOException unreadable) {
            return NULL; // no payload that a queue takes; it goes where all of its kind go
        }
    }

    /** Reads no further than the value. */
    private static boolean find(JsonParser parser, JsonPointer pointer) throws IOException {
        JsonToken token = parser.nextToken();
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            boolean found = token == JsonToken.START_OBJECT
                    ? toMember(parser, rest.getMatchingProperty())
                    : token == JsonToken.START_ARRAY && toElement(parser, rest.getMatchingIndex());
            if (!found) {
                return false;
            }
            token = parser.currentToken();
        }
        return token != null;
    }

    private static boolean toMember(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean toElement(JsonParser parser, int index) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == index) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static String text(JsonParser parser, boolean alone) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            TreeMap<String, String> members = new TreeMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, text(parser, false));
            }
            StringBuilder object = new StringBuilder("{");
            members.forEach((name, value) -> object.append(object.length() == 1 ? "" : ",")
                    .append(quoted(name))
                    .append(':')
                    .append(value));
            return object.append('}').toString();
        } else if (token == JsonToken.START_ARRAY) {
            StringBuilder array = new StringBuilder("[");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.append(array.length() == 1 ? "" : ",").append(text(parser, false));
            }
            return array.append(']').toString();
        } else if (token == JsonToken.VALUE_STRING) {
            return alone ? parser.getText() : quoted(parser.getText());
        }
        return token.isNumeric() ? number(parser.getText()) : parser.getText();
    }

    private static String quoted(String text) {
        return new String(Json.bytes(text), StandardCharsets.UTF_8);
    }

    /**
     * A number as one text, however it was written: its digits without zeros at either end, {@code e}, and the power of ten
     * that they are multiplied by; {@code 1200}, {@code 1.2e3} and {@code 1200.0} are {@code 12e2}, all zeros are {@code 0}.
     */
    static String number(String written) {
        int e = Math.max(written.indexOf('e'), written.indexOf('E'));
        String mantissa = e < 0 ? written : written.substring(0, e);
        String exponent = e < 0 ? "0" : written.substring(written.charAt(e + 1) == '+' ? e + 2 : e + 1);
        if (exponent.length() > MAX_EXPONENT_DIGITS) {
            return written;
        }
        boolean negative = mantissa.startsWith("-");
        int point = mantissa.indexOf('.');
        String digits = mantissa.substring(negative ? 1 : 0).replace(".", "");
        long power = Long.parseLong(exponent) - (point < 0 ? 0 : mantissa.length() - point - 1);
        int from = 0;
        int to = digits.length();
        while (from < to && digits.charAt(from) == '0') {
            from++;
        }
        while (to > from && digits.charAt(to - 1) == '0') {
            to--;
            power++;
        }
        return from == to ? "0" : (negative ? "-" : "") + digits.substring(from, to) + "e" + power;
    }
}
