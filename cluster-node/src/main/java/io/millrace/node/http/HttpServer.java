package io.millrace.node.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Access;
import io.millrace.node.application.Audit;
import io.millrace.node.application.Bots;
import io.millrace.node.application.Caller;
import io.millrace.node.application.ClusterView;
import io.millrace.node.application.Health;
import io.millrace.node.application.Keys;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Scope;
import io.millrace.node.settings.HttpSettings;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a node. Its system must have been configured with {@code millrace-http.conf}, which bounds what comes
 * before the routes: connections, header fields, idle time.
 */
public final class HttpServer {
    private static final String UNAUTHENTICATED =
            "this takes an API key or a token, valid now and for this bus: Authorization: Bearer ...";

    /** What a body in chunks counts as. */
    private static final long UNKNOWN_LENGTH = 64 << 10;

    private final Router router = new Router();
    private final Bodies bodies;

    private final HttpMetrics metrics;
    private final Access access;
    private final Audit audit;
    private final Rates rates;
    private final ActorSystem<?> system;

    private HttpServer(
            Bodies bodies, HttpMetrics metrics, Access access, Audit audit, Rates rates, ActorSystem<?> system) {
        this.bodies = bodies;
        this.metrics = metrics;
        this.access = access;
        this.audit = audit;
        this.rates = rates;
        this.system = system;
    }

    /**
     * Begins to serve.
     *
     * @param engines the server's ends of TLS, a new one each; null for plain HTTP
     * @param access finds out who asks; where it takes time its stage may be completed by any thread
     * @param keys API keys as things to make and revoke
     * @param audit what is changed and refused is told to it
     * @param meters takes this server's own meters
     * @param scrape gives the text of a Prometheus scrape; called off the threads of requests
     * @return done when the port is open; fails if it can't be
     */
    public static CompletionStage<Listener> start(
            ActorSystem<?> system,
            HttpSettings settings,
            @Nullable Supplier<SSLEngine> engines,
            Access access,
            Keys keys,
            Audit audit,
            Queues queues,
            Bots bots,
            Health health,
            ClusterView cluster,
            RunTokens tokens,
            MeterRegistry meters,
            Supplier<String> scrape) {
        Executor decoding =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("millrace.http.decode-dispatcher"));
        Admission admission = new Admission(
                settings.appendBytes(), settings.reads(), settings.limits().reads());
        Bodies bodies = new Bodies(system, settings.bodyTimeout(), settings.connections());
        JsonBodies json = new JsonBodies(bodies, admission);
        HttpMetrics metrics = new HttpMetrics(meters, admission);
        HttpSettings.Limits limits = settings.limits();
        HttpServer server =
                new HttpServer(bodies, metrics, access, audit, new Rates(limits, meters, System::nanoTime), system);
        Quota queueQuota = new Quota(
                "queues",
                limits.queues(),
                (prefix, after, limit) -> queues.list(prefix, after, limit)
                        .thenApply(outcome -> outcome.map(page -> page.queues().stream()
                                .map(queue -> queue.queue())
                                .toList())),
                meters);
        Quota botQuota = new Quota(
                "bots",
                limits.bots(),
                (prefix, after, limit) -> bots.list(prefix, after, limit, null)
                        .thenApply(outcome -> outcome.map(page ->
                                page.bots().stream().map(bot -> bot.bot()).toList())),
                meters);
        AppendRoute append = new AppendRoute(
                queueQuota,
                queues,
                tokens,
                bodies,
                admission,
                new Arrears(settings.appendPatience(), System::nanoTime),
                decoding,
                metrics);
        ReadRoute read = new ReadRoute(queues, admission, decoding, settings);
        // The busiest routes come first: the table is walked from its beginning.
        server.router
                .on(
                        "POST",
                        "/v1/queues/{queue}/events",
                        Guard.queue(Scope.WRITE).routine(),
                        append::append)
                .on("GET", "/v1/queues/{queue}/events", Guard.queue(Scope.READ), ReadRequest.PARAMETERS, read::read);
        new RunRoutes(bots, tokens, json).addTo(server.router);
        new BotRoutes(botQuota, bots, json, settings.readWait()).addTo(server.router);
        new ReplayRoutes(bots.replays(), json).addTo(server.router);
        new CheckpointRoutes(bots, json).addTo(server.router);
        new DeadLetterRoutes(bots, json).addTo(server.router);
        new QueueRoutes(queueQuota, queues, json).addTo(server.router);
        new ClusterRoutes(cluster).addTo(server.router);
        new KeyRoutes(keys, json).addTo(server.router);
        new BusRoutes(health, scrape, decoding).addTo(server.router);
        Visits visits = new Visits(settings.connections(), engines == null, meters, System::nanoTime);
        return Listener.start(
                system, settings, engines, visits, (visit, from) -> server.connection(visit, visits, from));
    }

    /** One connection, one request at a time. */
    private Flow<HttpRequest, HttpResponse, NotUsed> connection(Visit visit, Visits visits, InetSocketAddress from) {
        RemoteAddress address = RemoteAddress.create(from);
        CompletableFuture<Done> gone = new CompletableFuture<>();
        return Flow.<HttpRequest>create()
                .watchTermination((used, ended) -> {
                    ended.whenComplete((done, failure) -> gone.complete(Done.getInstance()));
                    return used;
                })
                .mapAsync(1, received -> {
                    visit.pace().requested();
                    HttpRequest request = received.addAttribute(AttributeKeys.remoteAddress, address);
                    return handle(request, gone).thenApply(response -> {
                        HttpResponse last =
                                visits.isClosing() ? response.addHeader(Connection.create("close")) : response;
                        return whenSent(last, () -> visit.pace().answered(System.nanoTime()));
                    });
                });
    }

    /** What is whole counts as sent: that the client takes it is watched for elsewhere. */
    private static HttpResponse whenSent(HttpResponse response, Runnable then) {
        if (response.entity().isStrict()) {
            then.run();
            return response;
        }
        return response.withEntity(HttpEntities.createChunked(
                response.entity().getContentType(),
                response.entity().getDataBytes().watchTermination((used, ended) -> {
                    ended.whenComplete((done, failure) -> then.run());
                    return used;
                })));
    }

    private CompletionStage<HttpResponse> handle(HttpRequest request, CompletionStage<?> gone) {
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
        note(match, Caller.NOBODY, String.join("/", match.names()), answer);
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
                    note(match, caller, what.get(), response);
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

    private void note(Router.Match match, Caller caller, String about, HttpResponse answer) {
        int status = answer.status().intValue();
        boolean changes =
                !match.request().method().name().equals("GET") && !match.guard().isRoutine();
        if (changes || Audit.isRefusal(status)) {
            audit.note(new Audit.Note(caller.id(), match.action(), about, status, remote(match)));
        }
    }

    private static String remote(Router.Match match) {
        return match.request()
                .getAttribute(AttributeKeys.remoteAddress)
                .flatMap(RemoteAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("");
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
