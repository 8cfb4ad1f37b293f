package io.millrace.node.application;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that somebody may do: what no grant allows is forbidden.
 *
 * @param grants at most {@link #MOST}
 */
public record Rights(List<Grant> grants) {
    /** More would make every request slower, and nobody would know any more what a key may do. */
    public static final int MOST = 64;

    public static final Rights NONE = new Rights(List.of());
    public static final Rights ALL = new Rights(List.of(new Grant(Scope.ADMIN, "*")));

    /** @throws IllegalArgumentException if there are too many */
    public Rights {
        grants = List.copyOf(grants);
        if (grants.size() > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " grants");
        }
    }

    /**
     * Reads grants.
     *
     * @throws IllegalArgumentException if one is malformed, or there are too many
     */
    public static Rights parse(List<String> texts) {
        return new Rights(texts.stream().map(Grant::parse).distinct().toList());
    }

    /** Whether that may be done with what has this name. */
    public boolean allow(Scope wanted, String name) {
        for (Grant grant : grants) {
            if (grant.allows(wanted, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether that may be done with everything. */
    public boolean allowAll(Scope wanted) {
        return grants.stream()
                .anyMatch(grant -> grant.scope().includes(wanted)
                        && grant.isPrefix()
                        && grant.start().isEmpty());
    }

    /**
     * The names that one of {@code wanted} is allowed with, as ranges that don't overlap, in the order of names: who walks over
     * them in turn sees all that may be seen and meets nothing else.
     *
     * @param prefix of all of them, may be empty
     */
    public List<Grant> ranges(String prefix, Scope... wanted) {
        List<Grant> sorted = grants.stream()
                .filter(grant -> Stream.of(wanted).anyMatch(grant.scope()::includes))
                .filter(grant ->
                        grant.start().startsWith(prefix) || (grant.isPrefix() && prefix.startsWith(grant.start())))
                // The wider one of two that begin alike comes first.
                .sorted(Comparator.comparing(Grant::start).thenComparing(Grant::isPrefix, Comparator.reverseOrder()))
                .toList();
        List<Grant> ranges = new ArrayList<>();
        for (Grant grant : sorted) {
            Grant last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            boolean known = last != null
                    && (last.isPrefix()
                            ? grant.start().startsWith(last.start())
                            : grant.pattern().equals(last.pattern()));
            if (!known) {
                ranges.add(grant);
            }
        }
        return ranges;
    }
}
