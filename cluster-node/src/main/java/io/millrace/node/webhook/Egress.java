package io.millrace.node.webhook;

import io.millrace.node.settings.WebhookSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.UserAgent;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/** Makes connections to webhooks, only where the rules let it. */
final class Egress {
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final AddressRules rules;
    private final Resolver resolver;
    private final WebhookSettings settings;
    private final ClientConnectionSettings client;
    private final @Nullable HttpsConnectionContext tls;

    Egress(ActorSystem<?> system, AddressRules rules, Resolver resolver, WebhookSettings settings) {
        this(system, rules, resolver, settings, null);
    }

    /** @param tls whom to trust; the platform's authorities if null */
    Egress(
            ActorSystem<?> system,
            AddressRules rules,
            Resolver resolver,
            WebhookSettings settings,
            @Nullable HttpsConnectionContext tls) {
        this.system = system;
        this.rules = rules;
        this.resolver = resolver;
        this.settings = settings;
        this.tls = tls;
        this.client = ClientConnectionSettings.create(system.classicSystem())
                .withConnectingTimeout(settings.connectTimeout())
                .withUserAgentHeader(Optional.of(UserAgent.create(ProductVersion.create("Millrace", "1"))));
    }

    /**
     * Begins a call.
     *
     * @param timeout of the whole of it
     */
    Call call(Target target, HttpRequest request, Duration timeout) {
        Call call = new Call(settings, system, timeout);
        call.begin(connection(target, timeout), request);
        return call;
    }

    private Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> connection(
            Target target, Duration timeout) {
        ClientTransport checked = ClientTransport.withCustomResolver((host, port) -> address(target));
        OutgoingConnectionBuilder to = Http.get(system)
                .connectionTo(target.authority())
                .toPort(target.port())
                .withClientConnectionSettings(client.withTransport(checked).withIdleTimeout(timeout.plus(SLACK)));
        if (!target.isSecure()) {
            return to.http();
        }
        return tls == null
                ? to.https()
                : to.withCustomHttpsConnectionContext(tls).https();
    }

    /** Looked up once: what is checked is what is connected. */
    private CompletionStage<InetSocketAddress> address(Target target) {
        try {
            return resolver.resolve(target.host())
                    .thenApply(all -> new InetSocketAddress(rules.choose(target.host(), all), target.port()));
        } catch (ForbiddenTargetException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
