package io.millrace.node.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.http.Pace.Late;
import io.millrace.node.settings.HttpSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a server: no more than the limit, and none that takes too long. One sweep over all of them takes the
 * place of a timer for each, which would wake thousands of actors just to see that nothing is the matter.
 */
final class Visits {
    private final Set<Visit> present = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Done> allGone = new CompletableFuture<>();
    private final Map<Late, Counter> cut = new EnumMap<>(Late.class);
    private final Counter refused;
    private final HttpSettings.Connections limits;
    private final boolean plainText;
    private final LongSupplier nanos;
    private volatile boolean closing;

    Visits(HttpSettings.Connections limits, boolean plainText, MeterRegistry meters, LongSupplier nanos) {
        this.limits = limits;
        this.plainText = plainText;
        this.nanos = nanos;
        Gauge.builder("millrace.http.connections", count, AtomicInteger::get)
                .description("Connections of clients")
                .register(meters);
        refused = Counter.builder("millrace.http.connections.refused")
                .description("Connections beyond the limit, closed at once")
                .register(meters);
        for (Late late : Late.values()) {
            cut.put(
                    late,
                    Counter.builder("millrace.http.connections.cut")
                            .description("Connections ended because the client took too long")
                            .tag("late", late.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /** A connection that was accepted, or null if there are enough. */
    @Nullable
    Visit admit() {
        if (count.incrementAndGet() > limits.most()) {
            count.decrementAndGet();
            refused.increment();
            return null;
        }
        Visit visit = new Visit(new Pace(limits, nanos.getAsLong()), plainText, this::left);
        present.add(visit);
        return visit;
    }

    /** Ends those that take too long, and at the end of the node those that rest. */
    void sweep() {
        long now = nanos.getAsLong();
        for (Visit visit : present) {
            Late late = visit.pace().late(now);
            if (late != null) {
                if (visit.end(late, false)) {
                    Objects.requireNonNull(cut.get(late)).increment();
                }
            } else if (closing && visit.pace().isQuiet()) {
                visit.end(null, false);
            }
        }
    }

    /** How often {@link #sweep} has to come. */
    Duration sweepEvery() {
        return Duration.ofMillis(Math.min(500, Math.max(20, limits.head().toMillis() / 10)));
    }

    /** From now on those that have had their answer end. */
    CompletionStage<Done> close() {
        closing = true;
        sweep();
        complete();
        return allGone;
    }

    boolean isClosing() {
        return closing;
    }

    /** All that are left end now. */
    void cutOff() {
        present.forEach(visit -> visit.end(null, true));
    }

    int count() {
        return count.get();
    }

    private void left(Visit visit) {
        if (present.remove(visit)) {
            count.decrementAndGet();
            complete();
        }
    }

    private void complete() {
        if (closing && present.isEmpty()) {
            allGone.complete(Done.getInstance());
        }
    }
}
