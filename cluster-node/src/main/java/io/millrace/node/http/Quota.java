package io.millrace.node.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Outcome;
import io.millrace.protocol.ProblemType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How many queues, or bots, there may be in all. Looked at only when something would be made that isn't there: the names are
 * counted then, a page after the other, no further than the limit. Makers at the same moment don't see each other, so there
 * may be a few more.
 */
final class Quota {
    private static final int PAGE = 1_000;
    private static final long REMEMBERED = 100_000;

    private final String what;
    private final int most;
    private final Names names;
    private final Counter refused;

    /** Names that were there: appends don't ask for theirs each time. One that was archived since is refused elsewhere. */
    private final Cache<String, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** A page of the names that there are, in order. */
    @FunctionalInterface
    interface Names {
        CompletionStage<Outcome<List<String>>> page(String prefix, String after, int limit);
    }

    /**
     * A limit.
     *
     * @param what in the plural
     * @param most 0 for none
     */
    Quota(String what, int most, Names names, MeterRegistry meters) {
        this.what = what;
        this.most = most;
        this.names = names;
        this.refused = Rates.refused(meters, what);
    }

    /** Fails with a {@link Refusal} if the name is new and there are enough. */
    CompletionStage<Void> admit(String name) {
        if (most == 0 || known.getIfPresent(name) != null) {
            return CompletableFuture.completedStage(null);
        }
        return page(name, "", 1)
                .thenCompose(found -> found.contains(name) ? CompletableFuture.completedStage(0) : count("", 0))
                .thenAccept(count -> {
                    if (count >= most) {
                        refused.increment();
                        throw Refusal.of(
                                ProblemType.QUOTA_EXCEEDED,
                                "this would be one more than the " + most + " " + what + " that there may be");
                    }
                    known.put(name, true);
                });
    }

    private CompletionStage<List<String>> page(String prefix, String after, int limit) {
        return names.page(prefix, after, limit).thenApply(outcome -> {
            if (outcome instanceof Outcome.Done<List<String>> done) {
                return done.value();
            }
            throw new Refusal(((Outcome.Refused<List<String>>) outcome).problem());
        });
    }

    private CompletionStage<Integer> count(String after, int before) {
        int limit = Math.min(PAGE, most - before);
        return page("", after, limit).thenCompose(found -> {
            int now = before + found.size();
            return now >= most || found.size() < limit
                    ? CompletableFuture.completedStage(now)
                    : count(found.get(found.size() - 1), now);
        });
    }
}
