package io.millrace.node.http;

import io.millrace.node.settings.HttpSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.Logging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open port that speaks HTTP, and perhaps TLS below it.
 *
 * <p>It does by hand what {@code Http.newServerAt(..).bindFlow(..)} does, with the same layer of HTTP: that one knows a time
 * limit for silence only, so that a client which sends a byte now and then keeps its connection for ever; it leaves
 * connections beyond its limit waiting, where the ones at fault can't be told from the others; and nothing can be put
 * between it and the network. Here {@link PaceStage} stands there.
 */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Connections that the operating system has accepted before we have. */
    private static final int BACKLOG = 512;

    private final Tcp.ServerBinding binding;
    private final Visits visits;
    private final Cancellable sweeping;

    private Listener(Tcp.ServerBinding binding, Visits visits, Cancellable sweeping) {
        this.binding = binding;
        this.visits = visits;
        this.sweeping = sweeping;
    }

    /**
     * Opens the port.
     *
     * @param engines the server's ends of TLS; null for plain HTTP
     * @param requests what answers the requests of one connection, from that address
     */
    static CompletionStage<Listener> start(
            ActorSystem<?> system,
            HttpSettings settings,
            @Nullable Supplier<SSLEngine> engines,
            Visits visits,
            BiFunction<Visit, InetSocketAddress, Flow<HttpRequest, HttpResponse, NotUsed>> requests) {
        // One for all connections, as the framework's own way to bind does it: it is a blueprint.
        BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed> http = Http.get(system)
                .serverLayer(
                        ServerSettings.create(system.classicSystem()),
                        Optional.empty(),
                        Logging.getLogger(system.classicSystem(), Listener.class));
        BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> tls =
                engines == null ? plain() : TLS.create(engines, session -> {}, TLSClosing.eagerClose());
        BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> layers = http.atop(tls);
        return Tcp.get(system)
                .bind(settings.host(), settings.port(), BACKLOG, List.of(), false, Optional.empty())
                .to(Sink.foreach(accepted -> {
                    Visit visit = visits.admit();
                    if (visit == null) {
                        accepted.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), system);
                        return;
                    }
                    try {
                        accepted.handleWith(
                                requests.apply(visit, accepted.remoteAddress())
                                        .join(layers.atop(BidiFlow.fromGraph(new PaceStage(visit, System::nanoTime)))),
                                system);
                    } catch (RuntimeException e) {
                        LOG.warn("a connection was given up", e);
                        visit.ended();
                    }
                }))
                .run(system)
                .thenApply(bound -> new Listener(
                        bound,
                        visits,
                        system.scheduler()
                                .scheduleAtFixedRate(
                                        visits.sweepEvery(),
                                        visits.sweepEvery(),
                                        visits::sweep,
                                        system.executionContext())));
    }

    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
        Flow<SessionBytes, SslTlsInbound, NotUsed> asTheyAre = Flow.upcast(Flow.<SessionBytes>create());
        return BidiFlow.fromFlows(Flow.<SslTlsOutbound>create(), asTheyAre).atop(TLSPlacebo.getInstance());
    }

    /** {@return where it listens} */
    public InetSocketAddress localAddress() {
        return binding.localAddress();
    }

    /** Has it end with its system: no new connections first, later those that are left get a while to end. */
    public Listener endWith(ActorSystem<?> system, Duration patience) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "http-unbind", this::unbind);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), "http-requests", () -> terminate(patience));
        return this;
    }

    private CompletionStage<Done> unbind() {
        return binding.unbind().thenApply(done -> Done.getInstance());
    }

    /** Takes no more connections and ends those that there are when they have their answers; in the end all of them. */
    public CompletionStage<Done> terminate(Duration patience) {
        return unbind().thenCompose(unbound -> {
            CompletableFuture<Done> gone = visits.close().toCompletableFuture().copy();
            return gone.completeOnTimeout(Done.getInstance(), patience.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(done -> {
                        visits.cutOff();
                        sweeping.cancel();
                        return done;
                    });
        });
    }
}
