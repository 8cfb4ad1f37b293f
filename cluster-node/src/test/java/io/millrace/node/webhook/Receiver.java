package io.millrace.node.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.node.WholeNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server on loopback whose paths are webhooks, each with a script. */
final class Receiver implements AutoCloseable {
    /** What was sent. */
    record Received(Headers headers, String body) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }

        List<JsonNode> events() {
            return body.lines().map(WholeNode::json).toList();
        }

        List<Integer> payloads() {
            return WholeNode.payloads(events());
        }
    }

    /** What to answer. */
    record Reply(int status, String body, Map<String, String> headers) {
        static final Reply DONE = new Reply(200, "", Map.of());

        static Reply json(String body) {
            return new Reply(200, body, Map.of("Content-Type", "application/json"));
        }

        static Reply status(int status, String... header) {
            return new Reply(status, "", header.length == 0 ? Map.of() : Map.of(header[0], header[1]));
        }
    }

    /** A script; what it throws breaks the connection off. */
    @FunctionalInterface
    interface Script {
        @Nullable
        Reply answer(int call, Received received) throws Exception;
    }

    final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, List<Received>> received = new ConcurrentHashMap<>();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void at(String path, Script script) {
        scripts.put(path, script);
    }

    List<Received> received(String path) {
        return received.computeIfAbsent(path, key -> new CopyOnWriteArrayList<>());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        List<Received> calls = received(path);
        int number;
        Received now = new Received(exchange.getRequestHeaders(), body);
        synchronized (calls) {
            number = calls.size();
            calls.add(now);
        }
        try {
            Script script = scripts.get(path);
            Reply reply = script == null ? Reply.DONE : script.answer(number, now);
            if (reply != null) {
                reply.headers().forEach(exchange.getResponseHeaders()::add);
                byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } catch (Exception e) {
            // The connection ends.
        } finally {
            exchange.close();
        }
    }

    /** An answer that emits each event's payload into a queue. */
    static Reply copy(String queue, Received received) {
        return Reply.json(received.events().stream()
                .map(event -> "{\"status\":\"done\",\"emit\":[{\"queue\":\"" + queue + "\",\"payload\":"
                        + event.get("payload") + "}]}")
                .collect(Collectors.joining(",", "{\"results\":[", "]}")));
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
