package io.millrace.node.http;

import io.millrace.node.application.Access;
import io.millrace.node.application.Caller;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.jspecify.annotations.Nullable;

/** What becomes of a request: its route, who asks, whether they ask too much, whether they may, and the answer. */
final class RequestHandler {
    private static final String UNAUTHENTICATED =
            "this takes an API key or a token, valid now and for this bus: Authorization: Bearer ...";

    /** What a body in chunks counts as. */
    private static final long UNKNOWN_LENGTH = 64 << 10;

    private final Router router;
    private final Bodies bodies;
    private final HttpMetrics metrics;
    private final Access access;
    private final AuditTrail audit;
    private final Rates rates;
    private final ActorSystem<?> system;

    RequestHandler(
            Router router,
            Bodies bodies,
            HttpMetrics metrics,
            Access access,
            AuditTrail audit,
            Rates rates,
            ActorSystem<?> system) {
        this.router = router;
        this.bodies = bodies;
        this.metrics = metrics;
        this.access = access;
        this.audit = audit;
        this.rates = rates;
        this.system = system;
    }

    /** @param gone done when the client is; the answer never fails */
    CompletionStage<HttpResponse> handle(HttpRequest request, CompletionStage<?> gone) {
        request.getHeader(TimeoutAccess.class)
                .ifPresent(access -> access.timeoutAccess().updateHandler(late -> Answers.problem(Failures.LATE)));
        CompletionStage<HttpResponse> answer;
        try {
            Router.Match match = router.match(request);
            answer = match.guard().isOpen() ? work(match, Caller.NOBODY, null, gone) : guarded(match, gone);
        } catch (RuntimeException e) {
            bodies.drain(request);
            answer = CompletableFuture.failedStage(e);
        }
        return answer.exceptionally(failure -> Answers.problem(Failures.problem(failure)))
                .thenApply(response -> {
                    metrics.answered(response.status().intValue());
                    return response;
                });
    }

    private CompletionStage<HttpResponse> guarded(Router.Match match, CompletionStage<?> gone) {
        String authorization = authorization(match.request());
        CompletableFuture<Optional<Caller>> known = access.caller(authorization).toCompletableFuture();
        // Where it is known at once, as nearly always, no thread is changed.
        CompletionStage<Optional<Caller>> caller =
                known.isDone() ? known : known.thenApplyAsync(Function.identity(), system.executionContext());
        return caller.whenComplete((found, failure) -> {
                    if (failure != null || found.isEmpty()) {
                        bodies.drain(match.request());
                    }
                })
                .thenCompose(
                        found -> found.isPresent() ? rated(match, found.get(), authorization, gone) : refused(match));
    }

    /** Bytes are counted when they are known: those of a body by its length, or by what stands in for one. */
    private CompletionStage<HttpResponse> rated(
            Router.Match match, Caller caller, @Nullable String authorization, CompletionStage<?> gone) {
        Rates.Share share = rates.of(caller);
        HttpResponse refusal = share.refuse();
        if (refusal != null) {
            bodies.drain(match.request());
            return CompletableFuture.completedStage(refusal);
        }
        share.bytes(match.request().entity().getContentLengthOption().orElse(UNKNOWN_LENGTH));
        return work(match, caller, authorization, gone).thenApply(response -> counted(response, share));
    }

    private static HttpResponse counted(HttpResponse response, Rates.Share share) {
        if (response.entity().isStrict()) {
            share.bytes(response.entity().getContentLengthOption().orElse(0));
            return response;
        }
        return response.withEntity(HttpEntities.createChunked(
                response.entity().getContentType(),
                response.entity().getDataBytes().map(bytes -> {
                    share.bytes(bytes.size());
                    return bytes;
                })));
    }

    private CompletionStage<HttpResponse> refused(Router.Match match) {
        HttpResponse answer = Answers.problem(Problem.of(ProblemType.UNAUTHENTICATED, UNAUTHENTICATED));
        audit.note(match, Caller.NOBODY, String.join("/", match.names()), answer);
        return CompletableFuture.completedStage(answer);
    }

    private CompletionStage<HttpResponse> work(
            Router.Match match, Caller caller, @Nullable String authorization, CompletionStage<?> gone) {
        CompletionStage<HttpResponse> answer;
        String about = String.join("/", match.names());
        Supplier<String> target = () -> about;
        boolean bodyTaken = false;
        try {
            Exchange exchange = match.exchange(caller).goneWhen(gone);
            if (!match.guard().isOpen()) {
                exchange.provenBy(() -> access.caller(authorization).thenApply(Optional::isPresent));
            }
            target = exchange::about;
            match.guard().check(exchange);
            try {
                answer = unlessRevoked(exchange, match.handler().handle(exchange));
            } finally {
                bodyTaken = exchange.isBodyTaken();
            }
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        if (!bodyTaken) {
            bodies.drain(match.request());
        }
        Supplier<String> what = target;
        return answer.exceptionally(failure -> Answers.problem(Failures.problem(failure)))
                .thenApply(response -> {
                    audit.note(match, caller, what.get(), response);
                    return response;
                });
    }

    /** A read may wait for a minute, and its caller's key may be revoked meanwhile. */
    private CompletionStage<HttpResponse> unlessRevoked(Exchange exchange, CompletionStage<HttpResponse> answer) {
        if (!exchange.request().method().name().equals("GET")) {
            return answer;
        }
        return answer.thenCompose(response -> exchange.isStillProven().thenApply(proven -> {
            if (proven) {
                return response;
            }
            response.discardEntityBytes(system);
            throw Refusal.of(ProblemType.UNAUTHENTICATED, UNAUTHENTICATED);
        }));
    }

    /** Two of them prove nobody. */
    private static @Nullable String authorization(HttpRequest request) {
        String value = null;
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("authorization")) {
                if (value != null) {
                    return null;
                }
                value = header.value();
            }
        }
        return value;
    }
}
