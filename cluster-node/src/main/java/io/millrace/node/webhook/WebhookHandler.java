package io.millrace.node.webhook;

import io.millrace.node.application.LaneId;
import io.millrace.node.application.RunRef;
import io.millrace.node.run.AgainException;
import io.millrace.node.run.EventResult;
import io.millrace.node.run.LaterHandler;
import io.millrace.node.run.NotTakenException;
import io.millrace.node.run.PauseException;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Trace;
import io.millrace.protocol.event.EventOutput;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.WebhookSecrets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Sends the batches of one run to its webhook. */
final class WebhookHandler implements LaterHandler {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ContentType NDJSON = ContentTypes.create(
            org.apache.pekko.http.javadsl.model.MediaTypes.customBinary("application", "x-ndjson", true));
    /** Not allowed, not there, not like this, too much, or nobody behind the proxy. */
    private static final Set<Integer> OF_THE_PLACE = Set.of(401, 403, 404, 405, 407, 421, 429, 502, 503, 504);

    private static final String GONE = "the run was ended from outside";

    private final RunRef run;
    private final HandlerSpec.Webhook webhook;
    private final Target target;
    private final WebhookSecrets secrets;
    private final Egress egress;
    private final Gate gate;
    private final WebhookMetrics metrics;
    private final Clock clock;
    private volatile @Nullable CompletableFuture<Boolean> waiting;
    private volatile @Nullable Call call;
    private volatile boolean cancelled;

    WebhookHandler(
            RunRef run,
            HandlerSpec.Webhook webhook,
            Target target,
            WebhookSecrets secrets,
            Egress egress,
            Gate gate,
            WebhookMetrics metrics,
            Clock clock) {
        this.run = run;
        this.webhook = webhook;
        this.target = target;
        this.secrets = secrets;
        this.egress = egress;
        this.gate = gate;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public CompletionStage<List<EventResult>> handle(List<Event> events, Emitter out) {
        CompletableFuture<Boolean> entry = gate.enter();
        waiting = entry;
        if (entry.isCompletedExceptionally()) {
            metrics.refused();
        }
        if (cancelled) {
            cancel(); // which has perhaps seen no wait before
        }
        return entry.thenCompose(entered -> guarded(events).whenComplete((done, failure) -> gate.leave()))
                .thenApply(answer -> results(answer, events, out));
    }

    /** Whatever happens, there is a stage that ends, and the place at the gate is given back. */
    private CompletionStage<Answer> guarded(List<Event> events) {
        try {
            return call(events);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<Answer> call(List<Event> events) {
        Duration left = Duration.between(clock.instant(), run.deadline());
        Duration timeout = webhook.timeout() == null ? TIMEOUT : webhook.timeout();
        if (cancelled || left.isNegative() || left.isZero()) {
            return CompletableFuture.failedStage(new NotTakenException(GONE));
        }
        long began = System.nanoTime();
        Call begun = egress.call(target, request(events), timeout.compareTo(left) < 0 ? timeout : left);
        call = begun;
        if (cancelled) {
            begun.cancel(GONE);
        }
        return begun.answer().whenComplete((answer, failure) -> {
            Duration time = Duration.ofNanos(System.nanoTime() - began);
            if (failure == null) {
                metrics.answered(time);
            } else {
                metrics.failed(time);
            }
        });
    }

    private HttpRequest request(List<Event> events) {
        boolean lines = webhook.format() != HandlerSpec.Format.JSON;
        byte[] body = body(events, lines);
        String id = MessageId.of(run, events);
        long timestamp = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
        HttpRequest request = HttpRequest.POST(target.path())
                .withUri(target.requestUri())
                .withEntity(HttpEntities.create(lines ? NDJSON : ContentTypes.APPLICATION_JSON, body))
                .addHeader(RawHeader.create("Accept", MediaTypes.JSON))
                .addHeader(RawHeader.create(Headers.WEBHOOK_ID, id))
                .addHeader(RawHeader.create(Headers.WEBHOOK_TIMESTAMP, Long.toString(timestamp)))
                .addHeader(RawHeader.create(Headers.BOT, run.owner().value()))
                .addHeader(RawHeader.create(Headers.RUN_ID, run.run()))
                .addHeader(RawHeader.create(Headers.EPOCH, Long.toString(run.epoch())))
                .addHeader(RawHeader.create(Headers.DEADLINE, run.deadline().toString()));
        Integer lane = LaneId.number(run.bot().value());
        HttpRequest laned = lane == null ? request : request.addHeader(RawHeader.create(Headers.LANE, lane.toString()));
        HttpRequest named = events.isEmpty()
                ? laned
                : laned.addHeader(RawHeader.create(Headers.QUEUE, events.get(0).queue()));
        HttpRequest traced = traced(named, events);
        return secrets.sign(id, timestamp, body)
                .map(signature -> traced.addHeader(RawHeader.create(Headers.WEBHOOK_SIGNATURE, signature)))
                .orElse(traced);
    }

    /** Events of several traces each tell their own in the body. */
    private HttpRequest traced(HttpRequest request, List<Event> events) {
        Trace shared = Trace.shared(events);
        if (shared == null) {
            return request;
        }
        Event first = events.get(0);
        EventId last = events.get(events.size() - 1).eid();
        Trace trace = shared.child(run.bot().value(), Correlation.of(first.queue(), first.eid(), last, events.size()));
        HttpRequest traced = request.addHeader(RawHeader.create(Headers.TRACEPARENT, trace.traceparent()));
        String state = trace.tracestate();
        return state == null ? traced : traced.addHeader(RawHeader.create(Headers.TRACESTATE, state));
    }

    private static byte[] body(List<Event> events, boolean lines) {
        int size = events.stream()
                .mapToInt(event -> event.payload().length() + 256)
                .sum();
        EventOutput output = new EventOutput(size);
        String before = lines ? "" : "[";
        for (Event event : events) {
            output.text(before).event(event).text(lines ? "\n" : "");
            before = lines ? "" : ",";
        }
        return lines
                ? output.take()
                : output.text(events.isEmpty() ? "[]" : "]").take();
    }

    private List<EventResult> results(Answer answer, List<Event> events, Emitter out) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            return Results.of(answer.body().toArray(), events, out);
        }
        String said = Excerpt.of(answer);
        if (status == 410) {
            throw new PauseException("the webhook is gone (410)" + said);
        }
        Instant now = clock.instant();
        Duration again = status == 429 || status == 503
                ? RetryAfter.parse(answer.retryAfter(), now).orElse(null)
                : null;
        if (again != null) {
            throw new AgainException(again, "the webhook answered " + status);
        }
        String message = "the webhook answered " + status
                + (status >= 300 && status <= 399 ? ": redirects are not followed" : said);
        throw isAboutEvents(status) ? new CallFailedException(message) : new NotTakenException(message);
    }

    /** Whether another batch may have had another answer. */
    private static boolean isAboutEvents(int status) {
        return status >= 400 && !OF_THE_PLACE.contains(status);
    }

    @Override
    public void cancel() {
        cancelled = true;
        CompletableFuture<Boolean> entry = waiting;
        if (entry != null) {
            entry.completeExceptionally(new NotTakenException(GONE));
        }
        Call current = call;
        if (current != null) {
            current.cancel(GONE);
        }
    }
}
