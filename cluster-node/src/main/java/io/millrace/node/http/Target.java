package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request asks for, from its raw target: nothing is normalized, so that {@code ..} and {@code %2F} stay part of the
 * name in which they stand.
 *
 * @param segments of the path, decoded
 * @param query as it stands, without the question mark; may be empty
 */
record Target(List<String> segments, String query) {

    /** @throws Refusal if an escape is malformed */
    static Target parse(String raw) {
        int question = raw.indexOf('?');
        String path = originForm(question < 0 ? raw : raw.substring(0, question));
        List<String> segments = new ArrayList<>(6);
        for (int start = 1, end; start <= path.length(); start = end + 1) {
            end = path.indexOf('/', start);
            end = end < 0 ? path.length() : end;
            segments.add(decode(path.substring(start, end), false));
        }
        return new Target(segments, question < 0 ? "" : raw.substring(question + 1));
    }

    /** {@code http://host/path} is {@code /path} (RFC 9112, 3.2.2). */
    private static String originForm(String path) {
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        if (scheme < 0) {
            return path;
        }
        int slash = path.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : path.substring(slash);
    }

    /** Undoes percent-encoding of UTF-8, and in queries of a space as {@code +}. */
    static String decode(String text, boolean query) {
        if (text.indexOf('%') < 0) {
            return query ? text.replace('+', ' ') : text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw Refusal.of(ProblemType.BAD_REQUEST, "the URI has a % that no two hexadecimal digits follow");
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                // The framework lets only ASCII through.
                bytes[length++] = (byte) (query && c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.of(ProblemType.BAD_REQUEST, "the URI has escapes that are not valid UTF-8");
        }
    }
}
