package io.millrace.node.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code reduce} makes of the values of one key in one window. What isn't there doesn't count, nor does, where numbers
 * are wanted, what is no number or none that a double can hold. Sums are exact decimals.
 */
interface Fold {
    /** How values are folded; on the wire in lower case. */
    enum Kind {
        COUNT,
        SUM,
        MIN,
        MAX,
        COLLECT;

        /** @throws IllegalArgumentException if there is no such one */
        static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(name)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("must be one of count, sum, min, max, collect");
        }

        private String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        Fold begin() {
            return switch (this) {
                case COUNT -> new Count();
                case SUM -> new Numbers(BigDecimal::add, BigDecimal.ZERO);
                case MIN -> new Numbers(BigDecimal::min, null);
                case MAX -> new Numbers(BigDecimal::max, null);
                case COLLECT -> new Collect();
            };
        }
    }

    /** Takes a value in; gives how many bytes of memory it keeps, roughly. */
    int add(JsonNode value);

    /** What came of all. */
    JsonNode result();

    /** How many there were. */
    final class Count implements Fold {
        private long count;

        @Override
        public int add(JsonNode value) {
            count += value.isMissingNode() || value.isNull() ? 0 : 1;
            return 0;
        }

        @Override
        public JsonNode result() {
            return JsonNodeFactory.instance.numberNode(count);
        }
    }

    /** A number made of numbers; null of none, but where there is a beginning. */
    final class Numbers implements Fold {
        private final BinaryOperator<BigDecimal> operator;
        private @Nullable BigDecimal result;

        Numbers(BinaryOperator<BigDecimal> operator, @Nullable BigDecimal beginning) {
            this.operator = operator;
            this.result = beginning;
        }

        @Override
        public int add(JsonNode value) {
            // Decimals of unlimited exponents would have sums of unlimited length.
            if (value.isNumber() && Double.isFinite(value.doubleValue())) {
                BigDecimal number = value.decimalValue();
                if (number.scale() < 1_000) {
                    result = result == null ? number : operator.apply(result, number);
                }
            }
            return 0;
        }

        @Override
        public JsonNode result() {
            return result == null ? JsonNodeFactory.instance.nullNode() : JsonNodeFactory.instance.numberNode(result);
        }
    }

    /** All of them, in their order. */
    final class Collect implements Fold {
        private final ArrayNode values = JsonNodeFactory.instance.arrayNode();

        @Override
        public int add(JsonNode value) {
            if (value.isMissingNode()) {
                return 0;
            }
            values.add(value);
            return value.isValueNode()
                    ? 16 + value.asText().length()
                    : value.toString().length();
        }

        @Override
        public JsonNode result() {
            return values;
        }
    }
}
