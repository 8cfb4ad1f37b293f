package io.millrace.node.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.node.application.Access;
import io.millrace.node.application.Audit;
import io.millrace.node.application.Bots;
import io.millrace.node.application.ClusterView;
import io.millrace.node.application.Health;
import io.millrace.node.application.Keys;
import io.millrace.node.application.Queues;
import io.millrace.node.application.RunTokens;
import io.millrace.node.application.Scope;
import io.millrace.node.settings.HttpSettings;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a node. Its system must have been configured with {@code millrace-http.conf}, which bounds what comes
 * before the routes: connections, header fields, idle time.
 */
public final class HttpServer {
    private final RequestHandler requests;

    private HttpServer(RequestHandler requests) {
        this.requests = requests;
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
        Router router = new Router();
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
        router.on("POST", "/v1/queues/{queue}/events", Guard.queue(Scope.WRITE).routine(), append::append)
                .on("GET", "/v1/queues/{queue}/events", Guard.queue(Scope.READ), ReadRequest.PARAMETERS, read::read);
        new RunRoutes(bots, tokens, json).addTo(router);
        new BotRoutes(botQuota, bots, json, settings.readWait()).addTo(router);
        new ReplayRoutes(bots.replays(), json).addTo(router);
        new CheckpointRoutes(bots, json).addTo(router);
        new DeadLetterRoutes(bots, json).addTo(router);
        new QueueRoutes(queueQuota, queues, json).addTo(router);
        new ClusterRoutes(cluster).addTo(router);
        new KeyRoutes(keys, json).addTo(router);
        new BusRoutes(health, scrape, decoding).addTo(router);
        HttpServer server = new HttpServer(new RequestHandler(
                router,
                bodies,
                metrics,
                access,
                new AuditTrail(audit),
                new Rates(limits, meters, System::nanoTime),
                system));
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
                    return requests.handle(request, gone).thenApply(response -> {
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
}
