package io.millrace.protocol.json;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Function;

/** Instants and durations as ISO-8601 text: the two types of java.time that the wire has. */
final class IsoTimes extends SimpleModule {
    IsoTimes() {
        addSerializer(Instant.class, ToStringSerializer.instance);
        addSerializer(Duration.class, ToStringSerializer.instance);
        addDeserializer(Instant.class, new Iso<>(Instant.class, Instant::parse));
        addDeserializer(Duration.class, new Iso<>(Duration.class, Duration::parse));
    }

    private static final class Iso<T> extends FromStringDeserializer<T> {
        private final transient Function<String, T> parse;

        Iso(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        @SuppressWarnings("unchecked")
        protected T _deserialize(String value, DeserializationContext context) throws java.io.IOException {
            try {
                return parse.apply(value);
            } catch (DateTimeParseException e) {
                return (T) context.handleWeirdStringValue(handledType(), value, "not ISO-8601");
            }
        }
    }
}
