package io.millrace.node.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Caller;
import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What each caller may ask of this node: requests, and bytes in both directions. By owner, so that a key that replaces another
 * has the same share. Each node counts for itself: who spreads its requests over three nodes may have three times as much.
 */
final class Rates {
    /** Callers that are remembered; a share that nobody has used for as long as it takes to fill is a full one anyhow. */
    private static final long MOST_CALLERS = 10_000;

    private final Cache<String, Share> shares;
    private final HttpSettings.Limits limits;
    private final LongSupplier nanos;
    private final Counter requestsRefused;
    private final Counter bytesRefused;

    Rates(HttpSettings.Limits limits, MeterRegistry meters, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.shares = Caffeine.newBuilder()
                .maximumSize(MOST_CALLERS)
                .expireAfterAccess(limits.burst().plus(Duration.ofMinutes(10)))
                .build();
        this.requestsRefused = refused(meters, "requests");
        this.bytesRefused = refused(meters, "bytes");
    }

    static Counter refused(MeterRegistry meters, String what) {
        return Counter.builder("millrace.http.refused.limit")
                .description("Requests answered with 429 because their caller has used up what it may have")
                .tag("limit", what)
                .register(meters);
    }

    /** What one caller has left of what it may have. */
    final class Share {
        private final @Nullable Bucket requests = bucket(limits.requestsPerSecond());
        private final @Nullable Bucket bytes = bucket(limits.bytesPerSecond());

        /** Takes one request, or says why not. */
        @Nullable
        HttpResponse refuse() {
            long now = nanos.getAsLong();
            Duration late = requests == null ? Duration.ZERO : requests.delay(now);
            if (!late.isZero()) {
                requestsRefused.increment();
                return refusal("requests: " + limits.requestsPerSecond() + " a second", late);
            }
            late = bytes == null ? Duration.ZERO : bytes.delay(now);
            if (!late.isZero()) {
                bytesRefused.increment();
                return refusal("bytes: " + limits.bytesPerSecond() + " a second", late);
            }
            if (requests != null) {
                requests.take(1, now);
            }
            return null;
        }

        void bytes(long count) {
            if (bytes != null && count > 0) {
                bytes.take((double) count, nanos.getAsLong());
            }
        }
    }

    Share of(Caller caller) {
        return shares.get(caller.owner(), owner -> new Share());
    }

    private @Nullable Bucket bucket(long rate) {
        return rate == 0 ? null : new Bucket(rate, limits.burst(), nanos.getAsLong());
    }

    private static HttpResponse refusal(String what, Duration late) {
        return Answers.problem(
                Problem.of(ProblemType.RATE_LIMITED, "this caller has used up its share of " + what), late);
    }
}
