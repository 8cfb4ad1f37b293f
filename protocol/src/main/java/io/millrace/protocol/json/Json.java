package io.millrace.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The only ObjectMapper of the wire: strict (duplicate and unknown fields, trailing text and NaN are errors), exact with
 * numbers, bounded in depth.
 */
public final class Json {
    /** How deep JSON may nest; deeper documents overflow the stacks of common parsers. */
    public static final int MAX_DEPTH = 1_000;

    private static final int MAX_STRING = 16 << 20;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(STRICT)
            .addModule(new IsoTimes())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

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
     * @throws IllegalArgumentException if it isn't strict JSON of one value
     */
    public static JsonNode tree(byte[] json, int offset, int length) {
        return read(json, offset, length, JsonNode.class);
    }

    /**
     * Reads an object.
     *
     * @throws IllegalArgumentException if it isn't strict JSON of one value that fits {@code type}
     */
    public static <T> T read(byte[] json, int offset, int length, Class<T> type) {
        try {
            return MAPPER.readValue(json, offset, length, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("JSON that doesn't fit " + type.getSimpleName(), e);
        }
    }

    /** As the longer form. */
    public static <T> T read(byte[] json, Class<T> type) {
        return read(json, 0, json.length, type);
    }

    /** A strict, streaming parser over a part of a buffer, which may hold several values. */
    public static JsonParser strictParser(byte[] json, int offset, int length) {
        try {
            return STRICT.createParser(json, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("a parser over memory can't fail to open", e);
        }
    }
}
