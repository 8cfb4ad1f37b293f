package io.millrace.node.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import java.util.Map;

/** Makes JSON of what expressions give, up to a limit: a short expression may name the same large value many times. */
final class JsonValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private int left;

    /** @param most characters of text, plus one for each value */
    JsonValues(int most) {
        left = most;
    }

    JsonNode toJson(Object value) {
        spend(1);
        if (value instanceof String text) {
            spend(text.length());
            return JSON.textNode(text);
        }
        if (value instanceof Boolean bool) {
            return JSON.booleanNode(bool);
        }
        if (value instanceof Long number) {
            return JSON.numberNode(number);
        }
        if (value instanceof UnsignedLong number) {
            return JSON.numberNode(number.bigIntegerValue());
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return JSON.numberNode(number);
        }
        if (value instanceof NullValue) {
            return JSON.nullNode();
        }
        if (value instanceof Iterable<?> items) {
            ArrayNode array = JSON.arrayNode();
            items.forEach(item -> array.add(toJson(item)));
            return array;
        }
        if (value instanceof Map<?, ?> fields) {
            ObjectNode object = JSON.objectNode();
            fields.forEach((key, field) -> object.set(key(key), toJson(field)));
            return object;
        }
        throw new InvalidFilterException(
                "an expression gives something that isn't JSON: only null, true, false, numbers,"
                        + " text, lists and maps are");
    }

    private String key(Object key) {
        String text = key.toString();
        spend(text.length());
        return text;
    }

    private void spend(int size) {
        left -= size;
        if (left < 0) {
            throw new InvalidFilterException("what the expressions give is larger than an event may be");
        }
    }
}
