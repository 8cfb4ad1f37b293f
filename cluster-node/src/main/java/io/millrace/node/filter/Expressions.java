package io.millrace.node.filter;

import dev.cel.common.CelAbstractSyntaxTree;
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

/** Compiles expressions over one event, with the limits that all of them have. */
final class Expressions {
    /** The longest expression, in characters. */
    static final int MAX_LENGTH = 1_000;

    /** Steps of {@code all}, {@code exists}, {@code map} and their like in one evaluation. */
    static final int MAX_STEPS = 10_000;

    private static final int MAX_DEPTH = 50;
    private static final int MAX_REGEX = 1_000;

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

    private Expressions() {}

    /** An expression that is true or false. */
    static CelRuntime.Program condition(String expression) {
        CelAbstractSyntaxTree tree = parse(expression);
        CelKind result = tree.getResultType().kind();
        if (result != CelKind.BOOL && result != CelKind.DYN) {
            throw new InvalidFilterException("must be true or false for an event, as payload.total > 100");
        }
        return program(tree);
    }

    /** An expression that gives any value. */
    static CelRuntime.Program value(String expression) {
        return program(parse(expression));
    }

    private static CelAbstractSyntaxTree parse(String expression) {
        if (expression.isBlank() || expression.length() > MAX_LENGTH) {
            throw new InvalidFilterException("must have 1 to " + MAX_LENGTH + " characters");
        }
        try {
            return COMPILER.compile(expression).getAst();
        } catch (CelValidationException e) {
            throw new InvalidFilterException(explain(e));
        } catch (IllegalArgumentException e) {
            throw new InvalidFilterException("is not an expression that can be run");
        }
    }

    private static CelRuntime.Program program(CelAbstractSyntaxTree tree) {
        try {
            return RUNTIME.createProgram(tree);
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
}
