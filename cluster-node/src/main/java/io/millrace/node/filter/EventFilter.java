package io.millrace.node.filter;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.millrace.protocol.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@code where}: an expression of the Common Expression Language over one event, true for those that a reader
 * wants. Thread-safe.
 *
 * <p>It has {@code payload} (any JSON), {@code id}, {@code event}, {@code eid}, {@code timestamp},
 * {@code event_source_timestamp} and {@code correlation_id}, with CEL's standard functions and macros; no functions of ours,
 * so nothing with an effect. What fails on an event (a field that it doesn't have, text where a number is compared) makes
 * the expression false for it; {@code has(payload.x)} asks without failing.
 *
 * <p>CEL doesn't mix types in arithmetic: {@code double(payload.price) * 2.0 > 10.0}.
 */
public final class EventFilter {
    /** The longest expression, in characters. */
    public static final int MAX_LENGTH = Expressions.MAX_LENGTH;

    private static final int CACHED = 256;

    private static final Cache CACHE = new Cache();

    private final CelRuntime.Program program;

    private EventFilter(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression, or finds it among the last {@value #CACHED} ones.
     *
     * @throws InvalidFilterException if it is too long, malformed, uses a name that isn't there or isn't true or false
     */
    public static EventFilter compile(String expression) {
        EventFilter known = CACHE.find(expression);
        if (known != null) {
            return known;
        }
        EventFilter filter = new EventFilter(Expressions.condition(expression));
        CACHE.add(expression, filter);
        return filter;
    }

    /**
     * Whether a reader wants this event.
     *
     * @throws InvalidFilterException if deciding takes more than 10,000 steps of {@code all}, {@code exists}, {@code map} and
     *     their like: it would be wrong to call that false
     */
    public boolean matches(Event event) {
        FilterVariables variables = new FilterVariables(event);
        try {
            return Boolean.TRUE.equals(program.eval(variables));
        } catch (CelEvaluationException e) {
            if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED || variables.isExhausted()) {
                throw tooLong(event);
            }
            return false;
        } catch (IllegalStateException e) {
            throw variables.isExhausted() ? tooLong(event) : e;
        }
    }

    private static InvalidFilterException tooLong(Event event) {
        return new InvalidFilterException(
                "takes more than " + Expressions.MAX_STEPS + " steps to decide about event " + event.eid());
    }

    /** Expressions come again and again; the least recently used one goes. */
    private static final class Cache {
        private final Map<String, EventFilter> filters = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, EventFilter> eldest) {
                return size() > CACHED;
            }
        };

        synchronized @Nullable EventFilter find(String expression) {
            return filters.get(expression);
        }

        synchronized void add(String expression, EventFilter filter) {
            filters.put(expression, filter);
        }
    }
}
