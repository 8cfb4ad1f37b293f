package io.millrace.node.http;

import io.millrace.node.application.Bots;
import io.millrace.node.application.RunRef;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Scope;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.InvalidJsonException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What a worker says during its run; the token in {@code Millrace-Run} must be that of the run in the path. */
final class RunRoutes {
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Bots bots;
    private final RunTokens tokens;
    private final JsonBodies json;

    RunRoutes(Bots bots, RunTokens tokens, JsonBodies json) {
        this.bots = bots;
        this.tokens = tokens;
        this.json = json;
    }

    void addTo(Router router) {
        Guard itsBot = Guard.of(exchange ->
                        exchange.require(Scope.RUN, run(exchange).bot().value()))
                .routine();
        router.on(
                        "POST",
                        "/v1/runs/{run}/heartbeat",
                        itsBot,
                        exchange -> bots.heartbeat(run(exchange)).thenApply(Answers::ok))
                .on("POST", "/v1/runs/{run}/checkpoint", itsBot, this::checkpoint)
                .on("POST", "/v1/runs/{run}/skipped", itsBot, this::skipped)
                .on("POST", "/v1/runs/{run}/suspect", itsBot, this::suspect)
                .on("POST", "/v1/runs/{run}/complete", itsBot, this::complete);
    }

    private RunRef run(Exchange exchange) {
        String token = exchange.header(Headers.RUN);
        if (token == null) {
            throw Query.malformed(Headers.RUN, "the run's token is missing");
        }
        RunRef run = AppendHeaders.run(token, tokens);
        if (!run.run().equals(exchange.name(0))) {
            throw Refusal.of(ProblemType.STALE_RUN, "the token is that of another run");
        }
        return run;
    }

    private CompletionStage<HttpResponse> checkpoint(Exchange exchange) {
        RunRef run = run(exchange);
        return json.read(exchange, RunProtocol.Checkpoints.class)
                .thenCompose(body -> bots.checkpoint(run, byQueue(body.checkpoints())))
                .thenApply(outcome -> Answers.of(outcome, done -> Answers.empty()));
    }

    private CompletionStage<HttpResponse> skipped(Exchange exchange) {
        RunRef run = run(exchange);
        return json.read(exchange, CheckpointLedger.Skip.class)
                .thenCompose(skip -> bots.skipped(run, Exchange.named(skip.queue(), QueueName::of), skip.to()))
                .thenApply(outcome -> Answers.of(outcome, done -> Answers.empty()));
    }

    private CompletionStage<HttpResponse> suspect(Exchange exchange) {
        RunRef run = run(exchange);
        return json.read(exchange, RunProtocol.Suspicion.class)
                .thenCompose(body -> {
                    byQueue(body.checkpoints());
                    // A copy of the event may become a dead letter of the bot, and so be read by whoever reads these.
                    exchange.require(
                            Scope.READ,
                            Exchange.named(body.queue(), QueueName::new).value());
                    Long handled = body.handled();
                    if (handled != null && handled < 0) {
                        throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/handled", "must not be negative");
                    }
                    requireWait(body.retryAfter());
                    return bots.report(run, body);
                })
                .thenApply(Answers::ok);
    }

    private static void requireWait(@Nullable Duration after) {
        if (after != null && (after.isNegative() || after.compareTo(LONGEST_WAIT) > 0)) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/retryAfter", "must be PT0S to " + LONGEST_WAIT);
        }
    }

    private CompletionStage<HttpResponse> complete(Exchange exchange) {
        RunRef run = run(exchange);
        return json.read(exchange, RunProtocol.Complete.class)
                .thenCompose(body -> {
                    byQueue(body.checkpoints());
                    requireWait(body.retryAfter());
                    return bots.complete(run, body);
                })
                .thenApply(outcome -> Answers.of(outcome, done -> Answers.empty()));
    }

    private static Map<QueueName, Checkpoint> byQueue(@Nullable Map<String, Checkpoint> named) {
        Map<QueueName, Checkpoint> checkpoints = new LinkedHashMap<>();
        if (named != null) {
            named.forEach((name, checkpoint) -> {
                String pointer = "/checkpoints/" + InvalidJsonException.escape(name);
                JsonBodies.requireField(pointer, checkpoint);
                JsonBodies.requireField(pointer + "/checkpoint", checkpoint.checkpoint());
                checkpoints.put(Exchange.named(name, QueueName::of), checkpoint);
            });
        }
        return checkpoints;
    }
}
