package io.millrace.node.filter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event as an expression sees it. The payload is parsed only when the expression asks for it.
 *
 * <p>Whole numbers of a payload are {@code int}, others {@code double}; what exceeds an int is a double.
 */
final class FilterVariables implements CelVariableResolver {
    /** Names and types of what an expression may use. */
    static final Map<String, CelType> TYPES = Map.of(
            "payload", SimpleType.DYN,
            "id", SimpleType.STRING,
            "event", SimpleType.STRING,
            "eid", SimpleType.STRING,
            "timestamp", SimpleType.INT,
            "event_source_timestamp", SimpleType.INT,
            "correlation_id", SimpleType.DYN);

    /** What one evaluation may go through before its time is looked at, in values of payloads. */
    private static final long FREE_VISITS = 500_000;

    private static final long MAX_NANOS = 2_000_000_000;

    private final long begun = System.nanoTime();
    private final Event event;
    private @Nullable Object payload;
    private long size;
    private long visited;
    private boolean exhausted;

    FilterVariables(Event event) {
        this.event = event;
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "payload" -> Optional.of(visit(payload()));
            case "id" -> Optional.of(event.bot() == null ? "" : event.bot());
            case "event" -> Optional.of(event.queue());
            case "eid" -> Optional.of(event.eid().toString());
            case "timestamp" -> Optional.of(event.timestamp());
            case "event_source_timestamp" -> Optional.of(event.sourceTimestamp());
            case "correlation_id" -> Optional.of(correlation(event.correlation()));
            default -> Optional.empty();
        };
    }

    /**
     * Each time that an expression names the payload, CEL goes through all of it, and through what a loop has gathered at
     * each of its steps: a loop over a large list that names it again would take hours.
     */
    private Object visit(Object value) {
        visited += size;
        exhausted = visited > FREE_VISITS && System.nanoTime() - begun > MAX_NANOS;
        if (exhausted) {
            throw new IllegalStateException("exhausted");
        }
        return value;
    }

    /** Whether the expression was ended because it went through too much. */
    boolean isExhausted() {
        return exhausted;
    }

    private Object payload() {
        if (payload == null) {
            payload = value(event.payload().tree());
        }
        return payload;
    }

    private static Object correlation(@Nullable Correlation correlation) {
        if (correlation == null) {
            return NullValue.NULL_VALUE;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", correlation.source());
        fields.put("start", correlation.start());
        if (correlation.end() != null) {
            fields.put("end", correlation.end());
        }
        fields.put("units", correlation.units());
        return fields;
    }

    private Object value(JsonNode node) {
        size++;
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
                yield fields;
            }
            case ARRAY -> {
                List<Object> items = new ArrayList<>(node.size());
                node.forEach(item -> items.add(value(item)));
                yield items;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.doubleValue();
    }
}
