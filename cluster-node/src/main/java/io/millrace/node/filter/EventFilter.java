package io.millrace.node.filter;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelKind;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
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
    public static final int MAX_LENGTH = 1_000;

    private static final int MAX_DEPTH = 50;
    private static final int MAX_STEPS = 10_000;
    private static final int MAX_REGEX = 1_000;
    private static final int CACHED = 256;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(1)
            .comprehensionMaxIterations(MAX_STEPS)
            .maxRegexProgramSize(MAX_REGEX)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    private static final CelCompiler COMPILER = compiler();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
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
        EventFilter filter = new EventFilter(program(expression));
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
        try {
            return Boolean.TRUE.equals(program.eval(new FilterVariables(event)));
        } catch (CelEvaluationException e) {
            if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
                throw new InvalidFilterException(
                        "takes more than " + MAX_STEPS + " steps to decide about event " + event.eid());
            }
            return false;
        }
    }

    private static CelRuntime.Program program(String expression) {
        if (expression.isBlank() || expression.length() > MAX_LENGTH) {
            throw new InvalidFilterException("must have 1 to " + MAX_LENGTH + " characters");
        }
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(expression).getAst();
            CelKind result = tree.getResultType().kind();
            if (result != CelKind.BOOL && result != CelKind.DYN) {
                throw new InvalidFilterException("must be true or false for an event, as payload.total > 100");
            }
            return RUNTIME.createProgram(tree);
        } catch (CelValidationException e) {
            throw new InvalidFilterException(explain(e));
        } catch (CelEvaluationException | IllegalArgumentException e) {
            throw new InvalidFilterException("is not an expression that can be run");
        }
    }

    private static String explain(CelValidationException refused) {
        CelIssue first =
                refused.getErrors().isEmpty() ? null : refused.getErrors().get(0);
        if (first != null && first.getMessage().startsWith("undeclared reference")) {
            return "uses an unknown name or function at column " + column(first) + "; there are "
                    + String.join(
                            ", ",
                            FilterVariables.TYPES.keySet().stream().sorted().toList());
        }
        return "is not an expression of the Common Expression Language"
                + (first == null ? "" : ": see column " + column(first));
    }

    private static int column(CelIssue issue) {
        return issue.getSourceLocation().getColumn() + 1;
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        FilterVariables.TYPES.forEach(builder::addVar);
        return builder.build();
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
