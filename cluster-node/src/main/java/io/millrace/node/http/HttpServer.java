package io.millrace.node.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Bots;
import io.millrace.node.application.ClusterView;
import io.millrace.node.application.Health;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunTokens;
import io.millrace.node.settings.HttpSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a node. Its system must have been configured with {@code millrace-http.conf}, which bounds what comes
 * before the routes: connections, header fields, idle time.
 */
public final class HttpServer {
    private final Router router = new Router();
    private final Bodies bodies;

    private final HttpMetrics metrics;

    private HttpServer(Bodies bodies, HttpMetrics metrics) {
        this.bodies = bodies;
        this.metrics = metrics;
    }

    /**
     * Begins to serve.
     *
     * @param engines the server's ends of TLS, a new one each; null for plain HTTP
     * @param meters takes this server's own meters
     * @param scrape gives the text of a Prometheus scrape; called off the threads of requests
     * @return done when the port is open; fails if it can't be
     */
    public static CompletionStage<Listener> start(
            ActorSystem<?> system,
            HttpSettings settings,
            @Nullable Supplier<SSLEngine> engines,
            Queues queues,
            Bots bots,
            Health health,
            ClusterView cluster,
            RunTokens tokens,
            MeterRegistry meters,
            Supplier<String> scrape) {
        Executor decoding =
                system.dispatchers().lookup(DispatcherSelector.fromConfig("millrace.http.decode-dispatcher"));
        Admission admission = new Admission(settings.appendBytes(), settings.reads());
        Bodies bodies = new Bodies(system, settings.bodyTimeout(), settings.connections());
        JsonBodies json = new JsonBodies(bodies, admission);
        HttpMetrics metrics = new HttpMetrics(meters, admission);
        HttpServer server = new HttpServer(bodies, metrics);
        AppendRoute append = new AppendRoute(
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
                .on("POST", "/v1/queues/{queue}/events", append::append)
                .on("GET", "/v1/queues/{queue}/events", ReadRequest.PARAMETERS, read::read);
        new RunRoutes(bots, tokens, json).addTo(server.router);
        new BotRoutes(bots, json, settings.readWait()).addTo(server.router);
        new ReplayRoutes(bots.replays(), json).addTo(server.router);
        new CheckpointRoutes(bots, json).addTo(server.router);
        new DeadLetterRoutes(bots, json).addTo(server.router);
        new QueueRoutes(queues, json).addTo(server.router);
        new ClusterRoutes(cluster).addTo(server.router);
        new BusRoutes(health, scrape, decoding).addTo(server.router);
        Visits visits = new Visits(settings.connections(), engines == null, meters, System::nanoTime);
        return Listener.start(system, settings, engines, visits, visit -> server.connection(visit, visits));
    }

    /** One connection, one request at a time. */
    private Flow<HttpRequest, HttpResponse, NotUsed> connection(Visit visit, Visits visits) {
        CompletableFuture<Done> gone = new CompletableFuture<>();
        return Flow.<HttpRequest>create()
                .watchTermination((used, ended) -> {
                    ended.whenComplete((done, failure) -> gone.complete(Done.getInstance()));
                    return used;
                })
                .mapAsync(1, request -> {
                    visit.pace().requested();
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
        boolean bodyTaken = false;
        CompletionStage<HttpResponse> answer;
        try {
            Router.Match match = router.match(request);
            try {
                answer = match.handler().handle(match.exchange().goneWhen(gone));
            } finally {
                bodyTaken = match.exchange().isBodyTaken();
            }
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        if (!bodyTaken) {
            bodies.drain(request);
        }
        return answer.exceptionally(failure -> Answers.problem(Failures.problem(failure)))
                .thenApply(response -> {
                    metrics.answered(response.status().intValue());
                    return response;
                });
    }
}
