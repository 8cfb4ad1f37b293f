package io.millrace.node.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.application.Outcome;
import io.millrace.node.telemetry.Timers;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.AppendResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the HTTP server has in work, what it answers, and what becomes of appends. */
final class HttpMetrics {
    /** Of the urn of a problem; what follows is one of {@link ProblemType}. */
    private static final char BEFORE_SLUG = ':';

    /** Told of from the beginning, so that the first counts as an increase. */
    private static final List<ProblemType> ALARMING = List.of(
            ProblemType.TOO_MANY_REQUESTS, ProblemType.UNAVAILABLE, ProblemType.UNKNOWN_OUTCOME, ProblemType.INTERNAL);

    private final MeterRegistry registry;
    private final Timer taken;
    private final Timer refused;
    private final Timer failed;
    private final Counter received;
    private final Map<Integer, Counter> answers = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

    HttpMetrics(MeterRegistry registry, Admission admission) {
        this.registry = registry;
        taken = appends("taken");
        refused = appends("refused");
        failed = appends("failed");
        received = Counter.builder("millrace.append.received")
                .description("Bytes of bodies of appends, as received")
                .baseUnit("bytes")
                .register(registry);
        ALARMING.forEach(type -> refusal(slug(type.urn())));
        Gauge.builder("millrace.http.appends", admission, Admission::bytesInWork)
                .description("Bytes of appends in work, as received plus decoded")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("millrace.http.reads", admission, Admission::readsUnderWay)
                .description("Reads under way, followers included")
                .register(registry);
    }

    private Timer appends(String outcome) {
        return Timers.ofRequests(
                        "millrace.append",
                        "Requests to append, from their header to the answer: taken, refused by what they are or for now, failed")
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered(int status) {
        answers.computeIfAbsent(
                        status,
                        code -> Counter.builder("millrace.http.responses")
                                .description("Answers by their status")
                                .tag("status", Integer.toString(code))
                                .register(registry))
                .increment();
    }

    void received(int bytes) {
        received.increment(bytes);
    }

    /** Takes the time of an append and counts what becomes of it. */
    CompletionStage<Outcome<AppendResult>> append(Supplier<CompletionStage<Outcome<AppendResult>>> append) {
        long began = System.nanoTime();
        CompletionStage<Outcome<AppendResult>> stage;
        try {
            stage = append.get();
        } catch (RuntimeException thrown) {
            ended(began, null, thrown);
            throw thrown;
        }
        return stage.whenComplete((outcome, failure) -> ended(began, outcome, failure));
    }

    private void ended(long began, @Nullable Outcome<AppendResult> outcome, @Nullable Throwable failure) {
        long nanos = System.nanoTime() - began;
        if (outcome instanceof Outcome.Done<AppendResult>) {
            taken.record(nanos, TimeUnit.NANOSECONDS);
            return;
        }
        Problem problem = outcome instanceof Outcome.Refused<AppendResult> no
                ? no.problem()
                : failure == null ? null : Failures.known(failure);
        (problem == null ? failed : refused).record(nanos, TimeUnit.NANOSECONDS);
        refusal(slug(problem == null ? ProblemType.INTERNAL.urn() : problem.type()))
                .increment();
    }

    private Counter refusal(String reason) {
        return refusals.computeIfAbsent(
                reason,
                kind -> Counter.builder("millrace.append.refused")
                        .description("Appends that were not taken, by the kind of the problem")
                        .tag("reason", kind)
                        .register(registry));
    }

    private static String slug(String urn) {
        return urn.substring(urn.lastIndexOf(BEFORE_SLUG) + 1);
    }
}
