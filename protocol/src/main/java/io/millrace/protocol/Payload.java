package io.millrace.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.millrace.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload of an event: any JSON value, kept as the bytes it came in and parsed only when asked for.
 *
 * <p>Immutable by contract: the bytes handed to {@link #ofJson} belong to the payload from then on.
 */
@JsonSerialize(using = Payload.Raw.class)
@JsonDeserialize(using = Payload.Copy.class)
public final class Payload {
    private final byte[] bytes;
    private final int offset;
    private final int length;

    private Payload(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** Wraps UTF-8 JSON of one value without a line break outside it; it isn't checked here but where it is appended. */
    public static Payload ofJson(byte[] json) {
        return new Payload(json, 0, json.length);
    }

    /** A slice of a buffer that nobody changes any more. */
    public static Payload ofJson(byte[] buffer, int offset, int length) {
        return new Payload(buffer, offset, length);
    }

    /** As {@link #ofJson(byte[])}, but line breaks and white space around the value may stand in it. */
    public static Payload ofJson(String json) {
        return ofJson(json.strip().replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Any object that Jackson can write; a payload stays itself.
     *
     * @throws IllegalArgumentException if it can't be written as JSON
     */
    public static Payload of(@Nullable Object value) {
        return value instanceof Payload payload ? payload : ofJson(Json.bytes(value));
    }

    /** Length in bytes. */
    public int length() {
        return length;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Copies the bytes into {@code target} at {@code at}. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, offset, target, at, length);
    }

    /** Parses it anew at each call. */
    public JsonNode tree() {
        return Json.tree(bytes, offset, length);
    }

    /** Reads it token by token; to be closed. */
    public JsonParser parser() throws IOException {
        return Json.mapper().getFactory().createParser(bytes, offset, length);
    }

    /**
     * Parses it into {@code type}.
     *
     * @throws IllegalArgumentException if it doesn't fit
     */
    public <T> T as(Class<T> type) {
        return Json.read(bytes, offset, length, type);
    }

    /** Equal bytes: {@code 1.0} and {@code 1.00} are two payloads. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that
                && Arrays.equals(bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    static final class Raw extends StdSerializer<Payload> {
        Raw() {
            super(Payload.class);
        }

        @Override
        public void serialize(Payload value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeRawValue(value.toString());
        }
    }

    /** Copies the value token by token: numbers to the letter, without white space, escapes only where they are needed. */
    static final class Copy extends StdDeserializer<Payload> {
        Copy() {
            super(Payload.class);
        }

        @Override
        public Payload deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            try (JsonGenerator copy = parser.getCodec().getFactory().createGenerator(bytes)) {
                int depth = 0;
                do {
                    JsonToken token = parser.currentToken();
                    if (token.isNumeric()) {
                        copy.writeNumber(parser.getText());
                    } else {
                        copy.copyCurrentEvent(parser);
                    }
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                } while (depth > 0 && parser.nextToken() != null);
            }
            return ofJson(bytes.toByteArray());
        }

        @Override
        public Payload getNullValue(DeserializationContext context) {
            return ofJson("null");
        }
    }
}
