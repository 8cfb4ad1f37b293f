package io.millrace.node.http;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.node.application.Access;
import io.millrace.node.application.Audit;
import io.millrace.node.application.RunTokens;
import io.millrace.node.settings.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** A server on a free port, with fakes behind it. */
final class TestServer implements AutoCloseable {
    static final RunTokens TOKENS = new RunTokens("a secret for tests".getBytes(StandardCharsets.UTF_8));

    final FakeQueues queues = new FakeQueues();
    final FakeBots bots = new FakeBots(queues.changes, TOKENS);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final FakeKeys keys = new FakeKeys();
    final List<Audit.Note> notes = new CopyOnWriteArrayList<>();
    final List<String> obstacles = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ActorTestKit kit;
    private final Listener binding;

    TestServer(HttpSettings settings) {
        this(settings, "");
    }

    /** @param overrides configuration before the server's own */
    TestServer(HttpSettings settings, String overrides) {
        this(settings, overrides, null, Access.OPEN);
    }

    TestServer(HttpSettings settings, String overrides, Access access) {
        this(settings, overrides, null, access);
    }

    /** @param engines TLS of the server, or null */
    TestServer(HttpSettings settings, String overrides, Supplier<SSLEngine> engines) {
        this(settings, overrides, engines, Access.OPEN);
    }

    private TestServer(HttpSettings settings, String overrides, Supplier<SSLEngine> engines, Access access) {
        kit = ActorTestKit.create(
                "http",
                ConfigFactory.parseString(overrides)
                        .withFallback(ConfigFactory.parseResources("millrace-http.conf"))
                        .withFallback(
                                ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.actor.provider = local"))
                        .withFallback(ConfigFactory.load()));
        binding = HttpServer.start(
                        kit.system(),
                        settings,
                        engines,
                        access,
                        keys,
                        notes::add,
                        queues,
                        bots,
                        () -> CompletableFuture.completedStage(List.copyOf(obstacles)),
                        new FakeCluster(),
                        TOKENS,
                        meters,
                        () -> "millrace_up 1\n")
                .toCompletableFuture()
                .join();
    }

    static HttpSettings settings() {
        return new HttpSettings(
                "127.0.0.1",
                0,
                HttpSettings.DEFAULT_APPEND_BYTES,
                4,
                HttpSettings.LONGEST_WAIT,
                Duration.ofMillis(1_500),
                Duration.ofMillis(500));
    }

    /** Reads and followers that the server holds to be under way: a client that left is noticed a moment later. */
    double readsUnderWay() {
        return meters.get("millrace.http.reads").gauge().value();
    }

    int port() {
        return binding.localAddress().getPort();
    }

    HttpRequest.Builder request(String target, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
                .timeout(Duration.ofSeconds(20));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    HttpResponse<String> get(String target, String... headers) {
        return send(request(target, headers).GET());
    }

    HttpResponse<String> send(String method, String target, String body, String... headers) {
        return send(request(target, headers).method(method, BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        binding.terminate(Duration.ofMillis(100)).toCompletableFuture().join();
        kit.shutdownTestKit();
    }
}
