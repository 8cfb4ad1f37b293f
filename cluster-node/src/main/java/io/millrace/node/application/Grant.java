package io.millrace.node.application;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One right: {@code read:orders-*}. The pattern is the whole name of a queue or a bot, or the beginning of names and a {@code *},
 * or {@code *} alone. Nothing else is a wildcard, so that what a grant covers can be seen, and is one range of names.
 *
 * @param scope what may be done
 * @param pattern with what
 */
public record Grant(Scope scope, String pattern) {
    private static final Pattern SYNTAX = Pattern.compile("\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,199}\\*?");
    private static final String ANY = "*";
    private static final String LOOKS =
            "a grant is read, write, run or admin, a colon, and a name, the beginning of names with a * behind it, or *:"
                    + " read:orders-*";

    /** @throws IllegalArgumentException if the pattern is none */
    public Grant {
        if (!SYNTAX.matcher(pattern).matches()) {
            throw new IllegalArgumentException(LOOKS);
        }
    }

    /** The grant that a text is, if it is one. */
    public static Optional<Grant> find(String text) {
        int colon = text.indexOf(':');
        return colon < 0 || !SYNTAX.matcher(text.substring(colon + 1)).matches()
                ? Optional.empty()
                : Scope.of(text.substring(0, colon)).map(scope -> new Grant(scope, text.substring(colon + 1)));
    }

    /**
     * Reads a grant.
     *
     * @throws IllegalArgumentException saying what a grant looks like
     */
    public static Grant parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException(LOOKS));
    }

    /** Whether it allows that with what has this name. */
    public boolean allows(Scope wanted, String name) {
        return scope.includes(wanted) && (isPrefix() ? name.startsWith(start()) : name.equals(pattern));
    }

    /** Whether it covers all names that begin so, rather than one. */
    public boolean isPrefix() {
        return pattern.endsWith(ANY);
    }

    /** The name, or what all names begin with. */
    public String start() {
        return isPrefix() ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return scope.word() + ":" + pattern;
    }
}
