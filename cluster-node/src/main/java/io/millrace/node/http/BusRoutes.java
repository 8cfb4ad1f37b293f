package io.millrace.node.http;

import io.millrace.node.application.Health;
import io.millrace.node.application.Scope;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The node itself: its health, its metrics, its contract. */
final class BusRoutes {
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");
    private static final ContentType YAML = Answers.binary("application/yaml");
    private static final String CONTRACT = "/openapi.yaml";

    private final Health health;
    private final Supplier<String> metrics;
    private final Executor background;

    BusRoutes(Health health, Supplier<String> metrics, Executor background) {
        this.health = health;
        this.metrics = metrics;
        this.background = background;
    }

    void addTo(Router router) {
        router.on(
                        "GET",
                        OperationsServer.LIVE,
                        Guard.OPEN,
                        exchange -> CompletableFuture.completedStage(Answers.json(200, Map.of("status", "live"))))
                .on(
                        "GET",
                        OperationsServer.READY,
                        Guard.OPEN,
                        exchange -> health.obstacles().thenApply(BusRoutes::ready))
                .on("GET", OperationsServer.METRICS, Guard.bus(Scope.ADMIN), exchange -> metrics());
        byte[] contract = contract();
        if (contract.length > 0) {
            HttpResponse response = Answers.of(200, YAML, contract);
            router.on("GET", CONTRACT, Guard.KNOWN, exchange -> CompletableFuture.completedStage(response));
        }
    }

    private static HttpResponse ready(List<String> obstacles) {
        return obstacles.isEmpty()
                ? Answers.json(200, Map.of("status", "ready"))
                : Answers.problem(Problem.of(ProblemType.UNAVAILABLE, String.join("; ", obstacles)));
    }

    /** Away from the threads of requests: a scrape walks over all meters. */
    private CompletionStage<HttpResponse> metrics() {
        return CompletableFuture.supplyAsync(metrics, background)
                .thenApply(text -> HttpResponse.create()
                        .withEntity(HttpEntities.create((ContentType.NonBinary) PROMETHEUS, text)));
    }

    private static byte[] contract() {
        try (InputStream in = Problem.class.getResourceAsStream(CONTRACT)) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the contract can't be read from the class path", e);
        }
    }
}
