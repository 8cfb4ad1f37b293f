package io.millrace.protocol.json;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random JSON texts of every shape: unicode raw and escaped, numbers of all forms, white space, nesting. */
public final class RandomJson {
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "1.0",
            "1.00",
            "1e5",
            "1E+5",
            "1.5e-300",
            "123456789012345678901234567890",
            "0.1e1",
            "9007199254740993",
            "-9223372036854775809",
            "3.141592653589793238462643383279502884197");
    private static final List<String> STRINGS = List.of(
            "\"\"",
            "\" \"",
            "\"\\u0041\\n\\\"\\\\\\/\\b\\f\\r\\t\"",
            "\"\\ud83d\\ude00\"",
            "\"\ud83d\ude00\"",
            "\"\\u0000\"",
            "\"\u00e9\u4e2d\u2028\u2029\ufeff\"",
            "\"}{][,:\\\"payload\\\":\"",
            "\"\\\\u12\"",
            "\"\\\\\"",
            "\"\u007f\"");

    private RandomJson() {}

    /** Values as they may stand in one line of a block: without white space around or line breaks within. */
    public static Arbitrary<String> compact() {
        return value("", 3);
    }

    /** Values with white space of all kinds between their tokens. */
    public static Arbitrary<String> spaced() {
        return Arbitraries.of(" ", "\n", "\t", "\r\n", " \n ").flatMap(space -> value(space, 3));
    }

    private static Arbitrary<String> value(String space, int depth) {
        Arbitrary<String> scalar =
                Arbitraries.oneOf(Arbitraries.of("null", "true", "false"), Arbitraries.of(NUMBERS), string());
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> inner = Arbitraries.lazy(() -> value(space, depth - 1));
        Arbitrary<String> array = inner.list().ofMaxSize(4).map(list -> wrap("[", list, "]", space));
        Arbitrary<String> member = Combinators.combine(names(), inner).as((name, v) -> name + space + ":" + space + v);
        Arbitrary<String> object = member.list()
                .ofMaxSize(4)
                .uniqueElements(text -> text.substring(0, text.indexOf(':')))
                .map(list -> wrap("{", list, "}", space));
        return Arbitraries.frequencyOf(Tuple.of(2, scalar), Tuple.of(1, array), Tuple.of(2, object));
    }

    /** Never a field of an event: those would make an event of what should be a payload. */
    private static Arbitrary<String> names() {
        return Arbitraries.of(
                "\"a\"", "\"b\"", "\"\"", "\"\u00e9\"", "\"\\u0063\"", "\"long name with spaces\"", "\"id\"", "\"e\"");
    }

    private static Arbitrary<String> string() {
        Arbitrary<String> plain = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('\u00fc', '\u20ac', ' ', '/', ':')
                .ofMaxLength(12)
                .map(text -> '"' + text + '"');
        return Arbitraries.oneOf(Arbitraries.of(STRINGS), plain);
    }

    private static String wrap(String open, List<String> parts, String close, String space) {
        return open + space + String.join(space + "," + space, parts) + space + close;
    }
}
