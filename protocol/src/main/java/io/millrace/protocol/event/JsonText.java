package io.millrace.protocol.event;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What the parser doesn't look at in strings that nobody reads: UTF-8 that is malformed, and escaped surrogates without
 * their other half, which can't be written as UTF-8 again.
 */
public final class JsonText {
    private static final int CHUNK = 8_192;

    private JsonText() {}

    /**
     * Checks a whole body.
     *
     * @throws InvalidEventsException naming the line
     */
    public static void check(byte[] json) {
        if (!isAscii(json)) {
            checkUtf8(json);
        }
        checkSurrogates(json);
    }

    private static boolean isAscii(byte[] json) {
        int bits = 0;
        for (byte b : json) {
            bits |= b;
        }
        return bits >= 0;
    }

    private static void checkUtf8(byte[] json) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer source = ByteBuffer.wrap(json);
        CharBuffer scratch = CharBuffer.allocate(CHUNK);
        CoderResult result;
        do {
            scratch.clear();
            result = decoder.decode(source, scratch, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw InvalidEventsException.at(line(json, source.position()), null, "the text is not valid UTF-8");
        }
    }

    private static void checkSurrogates(byte[] json) {
        for (int i = 0; i < json.length - 1; i++) {
            if (json[i] != '\\') {
                continue;
            }
            if (json[i + 1] != 'u') {
                i++; // an escaped character, which may be a backslash
                continue;
            }
            int unit = hex(json, i + 2);
            if (unit >= 0xDC00 && unit <= 0xDFFF) {
                throw loneSurrogate(json, i);
            }
            if (unit >= 0xD800 && unit <= 0xDBFF) {
                boolean paired = i + 11 < json.length && json[i + 6] == '\\' && json[i + 7] == 'u';
                int low = paired ? hex(json, i + 8) : 0;
                if (low < 0xDC00 || low > 0xDFFF) {
                    throw loneSurrogate(json, i);
                }
                i += 6;
            }
            i += 5;
        }
    }

    private static InvalidEventsException loneSurrogate(byte[] json, int at) {
        return InvalidEventsException.at(
                line(json, at), null, "a string has an escaped surrogate without its other half");
    }

    private static int hex(byte[] json, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < json.length ? Character.digit(json[i], 16) : -1;
            if (digit < 0) {
                return 0; // the parser refuses it
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The line of a byte, from 1. */
    static int line(byte[] json, long at) {
        int line = 1;
        for (int i = 0; i < at && i < json.length; i++) {
            if (json[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
