package io.millrace.node.http;

import io.millrace.node.application.Grant;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists what a caller may see, range by range of its grants: it meets nothing else, so neither what a page has nor where the next
 * one begins nor how long it takes tells of what is somebody else's.
 *
 * @param <P> a page
 * @param <T> what it lists
 */
final class PageWalk<P, T> {
    /** As the application lists. */
    @FunctionalInterface
    interface Lister<P> {
        CompletionStage<Outcome<P>> list(String prefix, String after, int limit);
    }

    private static final int NAME = 200;

    private final Lister<P> lister;
    private final Function<P, List<T>> items;
    private final Function<P, @Nullable String> next;
    private final Function<T, String> name;

    PageWalk(
            Lister<P> lister,
            Function<P, List<T>> items,
            Function<P, @Nullable String> next,
            Function<T, String> name) {
        this.lister = lister;
        this.items = items;
        this.next = next;
        this.name = name;
    }

    /** What was found, and what to give as {@code after} for more. */
    record Found<T>(List<T> items, @Nullable String next) {}

    /**
     * The page that a request asks for by {@code prefix}, {@code after} and {@code limit}.
     *
     * @param seeing of which one is enough to see one
     */
    CompletionStage<Outcome<Found<T>>> walk(Exchange exchange, Scope... seeing) {
        Query query = exchange.query();
        String prefix = query.shortText("prefix", NAME);
        String after = query.shortText("after", NAME);
        int limit = QueueRoutes.pageLimit(query);
        return on(exchange.caller().rights().ranges(prefix, seeing), 0, prefix, after, limit, new ArrayList<>());
    }

    private CompletionStage<Outcome<Found<T>>> on(
            List<Grant> ranges, int at, String prefix, String after, int limit, List<T> found) {
        int index = at;
        while (index < ranges.size() && isBehind(ranges.get(index), after)) {
            index++;
        }
        if (index == ranges.size()) {
            return CompletableFuture.completedStage(Outcome.done(new Found<>(found, null)));
        }
        Grant range = ranges.get(index);
        int here = index;
        String start = range.start().length() > prefix.length() ? range.start() : prefix;
        int most = range.isPrefix() ? limit - found.size() : 1;
        // A name comes before all that it begins.
        return lister.list(start, range.isPrefix() ? after : "", most).thenCompose(outcome -> {
            if (!(outcome instanceof Outcome.Done<P> done)) {
                return CompletableFuture.completedStage(outcome.map(never -> new Found<T>(List.of(), null)));
            }
            items.apply(done.value()).stream()
                    .filter(item -> range.isPrefix() || name.apply(item).equals(range.start()))
                    .forEach(found::add);
            String more = range.isPrefix() ? next.apply(done.value()) : null;
            if (more != null) {
                return CompletableFuture.completedStage(Outcome.done(new Found<>(found, more)));
            } else if (found.size() >= limit) {
                // The page may end here; what is left, if anything, begins behind the last one.
                String last = name.apply(found.get(found.size() - 1));
                return CompletableFuture.completedStage(
                        Outcome.done(new Found<>(found, here + 1 < ranges.size() ? last : null)));
            }
            return on(ranges, here + 1, prefix, after, limit, found);
        });
    }

    /** Whether all names of the range come before. */
    private static boolean isBehind(Grant range, String after) {
        String start = range.start();
        return range.isPrefix() ? !after.startsWith(start) && after.compareTo(start) > 0 : after.compareTo(start) >= 0;
    }
}
