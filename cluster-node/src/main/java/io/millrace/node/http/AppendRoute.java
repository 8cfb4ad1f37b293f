package io.millrace.node.http;

import io.millrace.node.application.Append;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunTokens;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code POST /v1/queues/{queue}/events}. */
final class AppendRoute {
    /** Bodies up to this size are decoded where they arrive: handing them over would cost more. */
    private static final int DECODE_HERE = 16 << 10;

    private final Quota quota;
    private final Queues queues;
    private final RunTokens tokens;
    private final Bodies bodies;
    private final Admission admission;
    private final Arrears arrears;
    private final Executor decoding;
    private final HttpMetrics metrics;

    AppendRoute(
            Quota quota,
            Queues queues,
            RunTokens tokens,
            Bodies bodies,
            Admission admission,
            Arrears arrears,
            Executor decoding,
            HttpMetrics metrics) {
        this.quota = quota;
        this.queues = queues;
        this.tokens = tokens;
        this.bodies = bodies;
        this.admission = admission;
        this.arrears = arrears;
        this.decoding = decoding;
        this.metrics = metrics;
    }

    CompletionStage<HttpResponse> append(Exchange exchange) {
        return metrics.append(() -> outcome(exchange)).thenApply(Answers::ok);
    }

    private CompletionStage<Outcome<AppendResult>> outcome(Exchange exchange) {
        QueueName queue = exchange.queue();
        AppendBody form = AppendBody.of(
                exchange.request().entity().getContentType().mediaType().toString());
        ContentDecoding encoding = ContentDecoding.of(exchange.header("Content-Encoding"));
        AppendHeaders headers = AppendHeaders.of(exchange, tokens);
        arrears.requireTimely(queue);
        Admission.Reservation reservation = admission.append();
        return bodies.read(exchange, form.limit(), reservation)
                .thenCompose(body -> quota.admit(queue.value()).thenApply(room -> body))
                .thenCompose(body -> take(body, queue, form, encoding, headers, reservation))
                .whenComplete((outcome, failure) -> reservation.close());
    }

    /** How long a body takes to arrive is its client's affair; from here on time counts. */
    private CompletionStage<Outcome<AppendResult>> take(
            byte[] body,
            QueueName queue,
            AppendBody form,
            ContentDecoding encoding,
            AppendHeaders headers,
            Admission.Reservation reservation) {
        metrics.received(body.length);
        arrears.requireTimely(queue);
        Arrears.Entry entry = arrears.begin(queue);
        return parse(body, queue, form, encoding, headers, reservation)
                .thenCompose(append -> append(queue, append))
                .whenComplete((outcome, failure) -> arrears.end(entry));
    }

    private CompletionStage<Append> parse(
            byte[] body,
            QueueName queue,
            AppendBody form,
            ContentDecoding encoding,
            AppendHeaders headers,
            Admission.Reservation reservation) {
        boolean here = encoding == ContentDecoding.IDENTITY && body.length <= DECODE_HERE;
        try {
            return CompletableFuture.supplyAsync(
                    () -> form.parse(encoding.decode(body, form.limit(), reservation), queue, headers),
                    here ? Runnable::run : decoding);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
    }

    private CompletionStage<Outcome<AppendResult>> append(QueueName queue, Append append) {
        return queues.append(queue, append).exceptionallyCompose(failure -> {
            // The queue may have taken it: only a repetition under the same sequence tells.
            return Failures.unwrap(failure) instanceof TimeoutException
                    ? CompletableFuture.completedStage(
                            Outcome.refused(
                                    ProblemType.UNKNOWN_OUTCOME,
                                    "no answer came in time; the same request under the same sequence is answered with what came of it"))
                    : CompletableFuture.failedStage(failure);
        });
    }
}
