package io.millrace.node.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.millrace.protocol.Event;
import io.millrace.protocol.Limits;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JSON value whose texts that begin with {@code =} are expressions over an event, of the same language as {@link
 * EventFilter}: {@code {"customer": "=payload.customer", "gross": "=payload.net * 1.2", "kind": "invoice"}}. All else stands
 * as it is; a text that is to begin with {@code =} is written {@code "='=...'"}. Thread-safe.
 *
 * <p>An expression that fails on an event fails the whole; {@code has(payload.x) ? payload.x : null} asks without failing.
 */
public final class EventTemplate {
    /** The most expressions in one template. */
    public static final int MAX_EXPRESSIONS = 200;

    private static final char EXPRESSION = '=';
    private static final CelErrorCode TOO_LONG = CelErrorCode.ITERATION_BUDGET_EXCEEDED;

    private final JsonNode template;
    private final Map<String, CelRuntime.Program> programs;

    private EventTemplate(JsonNode template, Map<String, CelRuntime.Program> programs) {
        this.template = template;
        this.programs = programs;
    }

    /** Hears of an expression that can't be used. */
    @FunctionalInterface
    public interface Faults {
        /**
         * Takes note of one.
         *
         * @param pointer within the template
         */
        void add(String pointer, String detail);
    }

    /** Compiles a template; it can be used only if no fault was told. */
    public static EventTemplate compile(JsonNode template, Faults faults) {
        Map<String, CelRuntime.Program> programs = new LinkedHashMap<>();
        compile(template, "", programs, faults);
        if (programs.size() > MAX_EXPRESSIONS) {
            faults.add("", "at most " + MAX_EXPRESSIONS + " expressions");
        }
        return new EventTemplate(template, programs);
    }

    private static void compile(JsonNode node, String at, Map<String, CelRuntime.Program> programs, Faults faults) {
        if (isExpression(node)) {
            // The same one at two places is compiled once; past the limit none is.
            String expression = node.textValue().substring(1);
            try {
                if (programs.size() <= MAX_EXPRESSIONS && !programs.containsKey(expression)) {
                    programs.put(expression, Expressions.value(expression));
                }
            } catch (InvalidFilterException e) {
                faults.add(at, e.reason());
            }
        }
        node.properties()
                .forEach(field -> compile(
                        field.getValue(),
                        at + "/" + field.getKey().replace("~", "~0").replace("/", "~1"),
                        programs,
                        faults));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            compile(node.get(i), at + "/" + i, programs, faults);
        }
    }

    private static boolean isExpression(JsonNode node) {
        return node.isTextual()
                && !node.textValue().isEmpty()
                && node.textValue().charAt(0) == EXPRESSION;
    }

    /**
     * Fills it in.
     *
     * @throws InvalidFilterException if an expression fails on the event, takes more than 10,000 steps or gives something
     *     that isn't JSON; or if the whole is larger than an event may be, 4 MiB
     */
    public JsonNode apply(Event event) {
        return fill(template, new FilterVariables(event), new JsonValues(Limits.EVENT_BYTES), event);
    }

    private JsonNode fill(JsonNode node, FilterVariables variables, JsonValues values, Event event) {
        if (isExpression(node)) {
            return values.toJson(evaluate(node.textValue().substring(1), variables, event));
        }
        if (node.isObject()) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(field -> filled.set(field.getKey(), fill(field.getValue(), variables, values, event)));
            return filled;
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(item -> filled.add(fill(item, variables, values, event)));
            return filled;
        }
        return node;
    }

    private Object evaluate(String expression, FilterVariables variables, Event event) {
        try {
            CelRuntime.Program program = programs.get(expression);
            if (program == null) {
                throw new IllegalStateException("not compiled: " + expression);
            }
            return program.eval(variables);
        } catch (CelEvaluationException e) {
            throw failed(expression, variables.isExhausted() ? TOO_LONG : e.getErrorCode(), event);
        } catch (IllegalStateException e) {
            throw variables.isExhausted() ? failed(expression, TOO_LONG, event) : e;
        }
    }

    private static InvalidFilterException failed(String expression, CelErrorCode code, Event event) {
        return new InvalidFilterException(
                "the expression =" + expression + " " + explain(code) + " on event " + event.eid());
    }

    private static String explain(CelErrorCode code) {
        return switch (code) {
            case ATTRIBUTE_NOT_FOUND -> "asks for a field that isn't there";
            case OVERLOAD_NOT_FOUND -> "computes with values whose types don't go together";
            case DIVIDE_BY_ZERO -> "divides by zero";
            case NUMERIC_OVERFLOW -> "computes with numbers that are too large";
            case INDEX_OUT_OF_BOUNDS -> "asks for a list's item that isn't there";
            case ITERATION_BUDGET_EXCEEDED -> "takes more than " + Expressions.MAX_STEPS + " steps";
            default -> "fails";
        };
    }
}
