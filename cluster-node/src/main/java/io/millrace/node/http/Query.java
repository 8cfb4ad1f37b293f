package io.millrace.node.http;

import io.millrace.protocol.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, strictly: unknown, repeated and malformed ones are refused, none is ignored. */
final class Query {
    private final Map<String, String> parameters;

    private Query(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** @throws Refusal if a parameter isn't one of {@code known}, stands twice or has a malformed escape */
    static Query parse(String raw, Set<String> known) {
        if (raw.isEmpty()) {
            return new Query(Map.of());
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = Target.decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : Target.decode(pair.substring(equals + 1), true);
            if (!known.contains(name)) {
                throw Refusal.of(
                        ProblemType.BAD_REQUEST,
                        known.isEmpty()
                                ? "there are no query parameters here"
                                : "a query parameter is unknown; there are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()));
            }
            if (parameters.put(name, value) != null) {
                throw malformed(name, "given more than once");
            }
        }
        return new Query(parameters);
    }

    @Nullable
    String text(String name) {
        return parameters.get(name);
    }

    /** A whole number in a range, or {@code otherwise} where it isn't given. */
    long number(String name, long otherwise, long least, long greatest) {
        String text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        boolean digits = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = digits ? Long.parseLong(text) : -1;
        if (!digits || value < least || value > greatest) {
            throw malformed(name, "must be a whole number from " + least + " to " + greatest);
        }
        return value;
    }

    /** {@code true} or {@code false}; false where it isn't given. */
    boolean flag(String name) {
        String text = parameters.get(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (!text.equals("true")) {
            throw malformed(name, "must be true or false");
        }
        return true;
    }

    /** Text of at most {@code length} characters; empty where it isn't given. */
    String shortText(String name, int length) {
        String text = parameters.getOrDefault(name, "");
        if (text.length() > length) {
            throw malformed(name, "must be at most " + length + " characters");
        }
        return text;
    }

    static Refusal malformed(String name, String detail) {
        return Refusal.field(ProblemType.BAD_REQUEST, name, detail);
    }
}
