package io.millrace.protocol.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the parser doesn't look at: UTF-8 that is malformed in strings that nobody reads; escaped surrogates without their
 * other half, which can't be written as UTF-8 again; and zero bytes, by which it would take the text for UTF-16 or UTF-32.
 */
public final class TextCheck {
    private static final int CHUNK = 8_192;
    private static final long BACKSLASHES = Words.of('\\');

    private TextCheck() {}

    /**
     * What is wrong with a text.
     *
     * @param line the line that it stands in, from 1
     * @param detail what is wrong
     */
    public record Fault(int line, String detail) {}

    /** The first fault of its kind in a whole text, or null if there is none. Doesn't tell whether the text is JSON. */
    public static @Nullable Fault fault(byte[] json) {
        long any = 0;
        long zero = 0;
        long escape = 0;
        int place = 0;
        for (; place <= json.length - Words.BYTES; place += Words.BYTES) {
            long word = Words.at(json, place);
            any |= word;
            zero |= Words.zeros(word);
            escape |= Words.zeros(word ^ BACKSLASHES);
        }
        for (; place < json.length; place++) {
            long word = json[place]; // the sign fills the other bytes: of ASCII they are 0
            any |= word;
            zero |= word == 0 ? 1 : 0;
            escape |= word == '\\' ? 1 : 0;
        }
        Fault fault = zero != 0 ? zeroByte(json) : null;
        if (fault == null && (any & Words.HIGH_BITS) != 0) {
            fault = utf8(json);
        }
        return fault == null && escape != 0 ? surrogates(json) : fault;
    }

    private static Fault zeroByte(byte[] json) {
        int at = 0;
        while (json[at] != 0) {
            at++;
        }
        return fault(json, at, "a zero byte is not JSON in UTF-8");
    }

    private static @Nullable Fault utf8(byte[] json) {
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
        return result.isError() ? fault(json, source.position(), "the text is not valid UTF-8") : null;
    }

    private static @Nullable Fault surrogates(byte[] json) {
        for (int i = 0; i < json.length - 1; i++) {
            if (json[i] != '\\') {
                continue;
            }
            if (json[i + 1] != 'u') {
                i++; // an escaped character, which may be a backslash
                continue;
            }
            int unit = hex(json, i + 2);
            if (unit >= 0xD800 && unit <= 0xDFFF) {
                boolean paired = unit <= 0xDBFF && i + 7 < json.length && json[i + 6] == '\\' && json[i + 7] == 'u';
                int low = paired ? hex(json, i + 8) : 0;
                if (low < 0xDC00 || low > 0xDFFF) {
                    return fault(json, i, "a string has an escaped surrogate without its other half");
                }
                i += 6;
            }
            i += 5;
        }
        return null;
    }

    /** Four hexadecimal digits, or 0 where there are none: the parser refuses those. */
    private static int hex(byte[] json, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < json.length ? Character.digit(json[i], 16) : -1;
            if (digit < 0) {
                return 0;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static Fault fault(byte[] json, int at, String detail) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            if (json[i] == '\n') {
                line++;
            }
        }
        return new Fault(line, detail);
    }
}
