package io.millrace.node.faults.checker;

import java.util.List;

/**
 * One broken promise.
 *
 * @param rule of design.md, section 3
 * @param what in words, with the values, ids and names
 * @param evidence the lines that prove it, {@code file:line text}
 */
public record Violation(Kind kind, int rule, String what, List<String> evidence) {
    @Override
    public String toString() {
        return "rule " + rule + ", " + kind + ": " + what
                + String.join(
                        "", evidence.stream().map(line -> "\n      " + line).toList());
    }
}
