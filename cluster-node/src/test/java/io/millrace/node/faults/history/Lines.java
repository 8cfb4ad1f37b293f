package io.millrace.node.faults.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** An operation as one line of JSON, and back. */
final class Lines {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectWriter WRITER = JSON.writerFor(Operation.class);
    private static final ObjectReader READER = JSON.readerFor(Operation.class);

    private Lines() {}

    /** Ends with a line feed and has no other. */
    static byte[] write(Operation operation) {
        try {
            byte[] json = WRITER.writeValueAsBytes(operation);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonProcessingException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    static Operation read(byte[] line, int offset, int length) throws IOException {
        return READER.readValue(line, offset, length);
    }
}
