package io.millrace.node.faults.checker;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a history proves. */
public sealed interface Verdict {
    /** Everything that happened is allowed, and enough happened to tell. */
    record Valid(String summary) implements Verdict {
        @Override
        public String toString() {
            return "VALID: " + summary;
        }
    }

    /**
     * At least one rule is broken.
     *
     * @param counts all of them by kind
     * @param first the first few of each kind
     */
    record Violations(Map<Kind, Integer> counts, List<Violation> first, String summary) implements Verdict {
        @Override
        public String toString() {
            return "VIOLATIONS " + counts + ": " + summary
                    + first.stream().map(one -> "\n  " + one).collect(Collectors.joining());
        }
    }

    /** No rule is seen to be broken, but the run couldn't have shown it: as bad as a violation for a test. */
    record Inconclusive(List<String> doubts, String summary) implements Verdict {
        @Override
        public String toString() {
            return "INCONCLUSIVE: " + summary
                    + doubts.stream().map(one -> "\n  " + one).collect(Collectors.joining());
        }
    }
}
