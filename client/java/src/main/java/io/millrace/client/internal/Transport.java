package io.millrace.client.internal;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends calls to a node, and sends them again, to another node if need be, where that is safe, within their deadlines. */
public final class Transport implements AutoCloseable {
    private final Endpoints endpoints;
    private final Owners owners = new Owners(this);
    private final Duration attemptTimeout;
    private final Backoff backoff;
    private final Supplier<@Nullable String> token;
    private final ExecutorService executor;
    private final ScheduledThreadPoolExecutor timer;
    private final HttpClient http;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param nodes of each scheme, host, port and perhaps a path before {@code /v1}; at least one
     * @param connectTimeout for one connection
     * @param attemptTimeout for one attempt from its first byte to the answer's last
     * @param token gives what proves who calls, asked for each attempt; null: nothing
     * @param tls for addresses of scheme https; null: as Java has it
     */
    public Transport(
            List<URI> nodes,
            Duration connectTimeout,
            Duration attemptTimeout,
            Backoff backoff,
            Supplier<@Nullable String> token,
            @Nullable SSLContext tls) {
        this.endpoints = new Endpoints(nodes);
        this.attemptTimeout = attemptTimeout;
        this.backoff = backoff;
        this.token = token;
        // Not a fixed pool: user code that hangs on to a completed stage may block its thread.
        this.executor = Executors.newCachedThreadPool(threads("millrace-http"));
        this.timer = new ScheduledThreadPoolExecutor(1, threads("millrace-timer"));
        timer.setRemoveOnCancelPolicy(true);
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(Runnable::run);
        if (tls != null) {
            http.sslContext(tls);
        }
        this.http = http.build();
    }

    /** Daemon threads with a name and a number. */
    public static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Sends a call. The future completes with the last answer, whatever its status, or with a
     * {@link TransportException}; cancelling it ends the attempts.
     */
    public CompletableFuture<Answer> send(Call call) {
        Exchange exchange = new Exchange(this, call);
        open.add(exchange);
        Futures.onDone(exchange.result(), (answer, failure) -> {
            open.remove(exchange);
            exchange.stop();
        });
        if (closed) {
            exchange.close();
        } else {
            exchange.attempt();
        }
        return exchange.result();
    }

    Endpoints endpoints() {
        return endpoints;
    }

    /** {@return where the next attempt of a call goes} */
    URI route(Call call) {
        URI owner = call.queue() == null ? null : owners.of(call.queue());
        return owner == null ? endpoints.current() : owner;
    }

    /** A node didn't serve a call: the next attempt goes elsewhere. */
    void failed(Call call, URI node) {
        endpoints.failed(node);
        if (call.queue() != null) {
            owners.failed(call.queue(), node);
        }
    }

    Duration attemptTimeout() {
        return attemptTimeout;
    }

    Backoff backoff() {
        return backoff;
    }

    @Nullable
    String token() {
        return token.get();
    }

    HttpClient http() {
        return http;
    }

    /** Runs something later, on the timer's thread; it must not block. */
    public ScheduledFuture<?> later(Runnable work, Duration delay) {
        return timer.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs something now and then until it is cancelled, on the timer's thread; it must not block. */
    public ScheduledFuture<?> every(Runnable work, Duration period) {
        return timer.scheduleAtFixedRate(work, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Where stages may be completed that user code hangs on to. */
    public ExecutorService executor() {
        return executor;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends what is under way with {@link TransportException.Effect#CLOSED}; connections and threads idle out. */
    @Override
    public void close() {
        closed = true;
        open.forEach(Exchange::close);
        timer.shutdown();
    }
}
