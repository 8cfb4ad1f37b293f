package io.millrace.node.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.node.application.Health;
import io.millrace.node.settings.OperationsSettings;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells what supervises the node how it is, on a port of its own and by the JDK's own server: Pekko's can't serve before there
 * is an actor system, and there is none before Cassandra answers. A node that waits for Cassandra is alive and must not be
 * killed for it.
 */
public final class OperationsServer implements AutoCloseable {
    /** 200 while the node's own threads do work. Asks nobody else. */
    public static final String LIVE = "/health/live";

    /** 200 when this node can serve, else 503 and why not. */
    public static final String READY = "/health/ready";

    /** Prometheus text. */
    public static final String METRICS = "/metrics";

    private static final int THREADS = 4;
    private static final int BACKLOG = 64;

    /** Seconds that a request may take to arrive; else four that never end would keep all others out. */
    private static final String REQUEST_LIMIT = "10";

    private static final Part NOT_STARTED = new Part(
            Runnable::run,
            () -> CompletableFuture.completedStage(List.of("the node has not started yet: it waits for Cassandra")),
            () -> "");

    private final HttpServer server;
    private final ExecutorService threads;
    private volatile Part node = NOT_STARTED;

    /** What is asked. */
    private record Part(Executor heart, Health health, Supplier<String> metrics) {}

    private OperationsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Opens the port; until {@link #watch} the node is alive but not ready.
     *
     * @throws IOException when the port can't be opened
     */
    public static OperationsServer start(OperationsSettings settings) throws IOException {
        if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
            System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_LIMIT);
        }
        HttpServer http = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "millrace-operations");
            thread.setDaemon(true);
            return thread;
        });
        OperationsServer server = new OperationsServer(http, threads);
        http.createContext("/", exchange -> answer(exchange, 404, "text/plain", "no such path\n"));
        http.createContext(LIVE, server::live);
        http.createContext(READY, server::ready);
        http.createContext(METRICS, server::metrics);
        http.setExecutor(threads);
        http.start();
        return server;
    }

    /**
     * From now on tells how a started node is.
     *
     * @param heart whose threads must do work for the node to count as alive
     */
    public void watch(Executor heart, Health health, Supplier<String> metrics) {
        node = new Part(heart, health, metrics);
    }

    /** {@return the port} */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Without an answer when no thread takes it up: the silence is the answer. */
    private void live(HttpExchange exchange) {
        node.heart().execute(() -> json(exchange, 200, Map.of("status", "live")));
    }

    private void ready(HttpExchange exchange) {
        CompletionStage<List<String>> obstacles = node.health().obstacles();
        obstacles.whenComplete((found, failure) -> {
            if (found != null && found.isEmpty()) {
                json(exchange, 200, Map.of("status", "ready"));
            } else {
                json(exchange, 503, Map.of("status", "not ready", "obstacles", reasons(found, failure)));
            }
        });
    }

    private static List<String> reasons(@Nullable List<String> found, @Nullable Throwable failure) {
        return found == null ? List.of("the node doesn't know: " + failure) : found;
    }

    private void metrics(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                node.metrics().get());
    }

    private static void json(HttpExchange exchange, int status, Map<String, ?> body) {
        try {
            answer(exchange, status, "application/json", new String(Json.bytes(body), StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // Whoever asked has gone; the next probe comes soon.
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
