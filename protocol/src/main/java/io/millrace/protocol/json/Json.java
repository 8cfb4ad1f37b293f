package io.millrace.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The only ObjectMapper of the wire: strict (duplicate and unknown fields, trailing text, NaN and a number where text is due
 * are errors), exact with numbers, bounded in depth.
 */
public final class Json {
    /** How deep the JSON that users send may nest; deeper documents overflow the stacks of common parsers. */
    public static final int MAX_DEPTH = 1_000;

    /** What to say of a text that a strict parser refuses. */
    public static final String NOT_JSON = "not valid JSON, or a field stands twice in one object";

    /** What to say of a text that passes a parser's limits. */
    public static final String TOO_DEEP =
            "nested deeper than " + MAX_DEPTH + " levels, or a number or a name is too long";

    /** What the bus puts around a payload, an event in a page, must not make it unreadable. */
    private static final int ENVELOPE_DEPTH = 8;

    /** In characters; no string of an event can be longer, an event being 4 MiB at most. */
    private static final int MAX_STRING = 4 << 20;

    /** In digits; the time that it takes to read a number grows with the square of its length. */
    private static final int MAX_NUMBER = 1_000;

    /** In characters. */
    private static final int MAX_NAME = 50_000;

    private static final JsonFactory STRICT = factory(MAX_DEPTH);

    /** A line is an object around a payload. */
    private static final JsonFactory STRICT_LINES = factory(MAX_DEPTH + 1);

    private static final JsonMapper MAPPER = JsonMapper.builder(factory(MAX_DEPTH + ENVELOPE_DEPTH))
            .addModule(new IsoTimes())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .withCoercionConfig(LogicalType.Textual, text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .build();

    private Json() {}

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                // Names in payloads are the users' and without number; the JVM's table of strings isn't for them.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .build())
                .build();
    }

    /** The mapper itself, for what the short forms below don't cover. Nobody may configure it further. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Writes a value.
     *
     * @throws IllegalArgumentException if the value can't be written as JSON
     */
    public static byte[] bytes(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("can't be written as JSON", e);
        }
    }

    /**
     * Reads a tree.
     *
     * @throws InvalidJsonException if it isn't strict JSON of one value
     */
    public static JsonNode tree(byte[] json, int offset, int length) {
        return read(json, offset, length, JsonNode.class);
    }

    /**
     * Reads an object from a part of a text that was checked as a whole.
     *
     * @throws InvalidJsonException if it isn't strict JSON of one value that fits {@code type}
     */
    public static <T> T read(byte[] json, int offset, int length, Class<T> type) {
        try {
            return MAPPER.readValue(json, offset, length, type);
        } catch (IOException e) {
            throw InvalidJsonException.of(e);
        }
    }

    /**
     * Reads an object that a user sent, checking the whole text, its UTF-8 and its surrogates too.
     *
     * @throws InvalidJsonException if it isn't strict JSON of one object that fits {@code type}; JSON's {@code null} isn't
     */
    @SuppressWarnings("ConstantValue") // JSON may be null
    public static <T> T read(byte[] json, Class<T> type) {
        TextCheck.Fault fault = TextCheck.fault(json);
        if (fault != null) {
            throw new InvalidJsonException(fault.line(), null, fault.detail(), null);
        }
        T value = read(json, 0, json.length, type);
        if (value == null) {
            throw new InvalidJsonException(null, null, InvalidJsonException.WRONG_FORM, null);
        }
        return value;
    }

    /**
     * Reads an object that a node answered; fields that a newer node adds are passed over, numbers that
     * an older one doesn't know are 0.
     *
     * @throws InvalidJsonException if it isn't JSON of one value that fits {@code type}
     */
    public static <T> T readAnswer(byte[] json, Class<T> type) {
        try {
            return MAPPER.readerFor(type)
                    .without(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .readValue(json);
        } catch (IOException e) {
            throw InvalidJsonException.of(e);
        }
    }

    /** A strict, streaming parser over a part of a buffer, which may hold several values. */
    public static JsonParser strictParser(byte[] json, int offset, int length) {
        return parser(STRICT, json, offset, length);
    }

    /** As {@link #strictParser}, over lines that have a payload in an object each. */
    public static JsonParser strictLinesParser(byte[] lines) {
        return parser(STRICT_LINES, lines, 0, lines.length);
    }

    private static JsonParser parser(JsonFactory factory, byte[] json, int offset, int length) {
        try {
            return factory.createParser(json, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("a parser over memory can't fail to open", e);
        }
    }
}
