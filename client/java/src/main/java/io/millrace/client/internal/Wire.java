package io.millrace.client.internal;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.protocol.json.Json;
import java.io.IOException;

/** Reads answers. Passes over fields that it doesn't know, so that a node may be newer than its clients. */
public final class Wire {
    private static final ObjectReader LENIENT = Json.mapper()
            .reader()
            .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES); // a count that isn't there is 0

    private Wire() {}

    /** Reads a body.
     *
     * @throws IllegalArgumentException if the JSON does not fit */
    public static <T> T read(byte[] json, Class<T> type) {
        return read(json, 0, json.length, type);
    }

    /** As {@link #read(byte[], Class)}, of a part of a buffer. */
    public static <T> T read(byte[] json, int offset, int length, Class<T> type) {
        try {
            T value = LENIENT.forType(type).readValue(json, offset, length);
            if (value == null) {
                throw new IllegalArgumentException("the node answered null");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("the node's answer doesn't fit " + type.getSimpleName(), e);
        }
    }
}
