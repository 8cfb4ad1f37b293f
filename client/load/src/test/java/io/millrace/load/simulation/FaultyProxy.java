package io.millrace.load.simulation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a bus and spoils some of the harness's appends, in turn: one is answered with an error, one acknowledged and
 * lost, one refused. All else goes through.
 */
final class FaultyProxy implements AutoCloseable {
    private static final int ONE_OF = 5;
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings", "date");
    private static final int BUFFER = 8_192;

    private final URI bus;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger appends = new AtomicInteger();

    FaultyProxy(URI bus) throws IOException {
        this.bus = bus;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (isAppendOfTheHarness(exchange) && appends.incrementAndGet() % ONE_OF == 0) {
                spoil(exchange, appends.get() / ONE_OF % 3);
            } else {
                forward(exchange, body);
            }
        }
    }

    private static boolean isAppendOfTheHarness(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().getPath().endsWith("/events")
                && String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"))
                        .startsWith("millrace-load");
    }

    private static void spoil(HttpExchange exchange, int fault) throws IOException {
        switch (fault) {
            case 0 -> answer(exchange, 500, "{}");
            case 1 -> answer(exchange, 200, "{\"queue\":\"q\",\"events\":1}");
            default -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                answer(exchange, 429, "{}");
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        URI target = bus.resolve(exchange.getRequestURI());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            response.headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(response.statusCode(), response.statusCode() == 204 ? -1 : 0);
            copy(response.body(), exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Each piece at once: an event stream never ends by itself.
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
