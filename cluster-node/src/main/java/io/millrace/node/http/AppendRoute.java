package io.millrace.node.http;

import io.millrace.node.application.Append;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code POST /v1/queues/{queue}/events}. */
final class AppendRoute {
    /** Bodies up to this size are decoded where they arrive: handing them over would cost more. */
    private static final int DECODE_HERE = 16 << 10;

    private final Queues queues;
    private final Bots bots;
    private final RunTokens tokens;
    private final Bodies bodies;
    private final Admission admission;
    private final Executor decoding;

    AppendRoute(Queues queues, Bots bots, RunTokens tokens, Bodies bodies, Admission admission, Executor decoding) {
        this.queues = queues;
        this.bots = bots;
        this.tokens = tokens;
        this.bodies = bodies;
        this.admission = admission;
        this.decoding = decoding;
    }

    CompletionStage<HttpResponse> append(Exchange exchange) {
        QueueName queue = exchange.queue();
        AppendBody form = AppendBody.of(
                exchange.request().entity().getContentType().mediaType().toString());
        ContentDecoding encoding = ContentDecoding.of(exchange.header("Content-Encoding"));
        AppendHeaders headers = AppendHeaders.of(exchange, tokens);
        Admission.Reservation reservation = admission.append();
        return bodies.read(exchange, form.limit(), reservation)
                .thenCompose(body -> parse(body, queue, form, encoding, headers, reservation))
                .thenCompose(append -> inRun(queue, append))
                .whenComplete((outcome, failure) -> reservation.close())
                .thenApply(Answers::ok);
    }

    private CompletionStage<Append> parse(
            byte[] body,
            QueueName queue,
            AppendBody form,
            ContentDecoding encoding,
            AppendHeaders headers,
            Admission.Reservation reservation) {
        boolean here = encoding == ContentDecoding.IDENTITY && body.length <= DECODE_HERE;
        return CompletableFuture.supplyAsync(
                () -> form.parse(encoding.decode(body, form.limit(), reservation), queue, headers),
                here ? Runnable::run : decoding);
    }

    /**
     * A queue knows only the epochs that have written to it: that a run has ended, by whatever way, only its bot knows. What
     * begins after that is refused; what was under way then is the queue's to fence.
     */
    private CompletionStage<Outcome<AppendResult>> inRun(QueueName queue, Append append) {
        RunRef run = append.run();
        return run == null
                ? append(queue, append)
                : bots.heartbeat(run)
                        .thenCompose(lease -> lease instanceof Outcome.Refused<?> refused
                                ? CompletableFuture.completedStage(new Outcome.Refused<>(refused.problem()))
                                : append(queue, append));
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
