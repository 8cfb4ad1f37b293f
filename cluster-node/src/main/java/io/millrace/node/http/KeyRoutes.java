package io.millrace.node.http;

import io.millrace.node.application.Keys;
import io.millrace.node.application.Scope;
import io.millrace.protocol.http.ApiKey;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** API keys. Who may make them may do everything: so it takes a grant for everything. */
final class KeyRoutes {
    private final Keys keys;
    private final JsonBodies json;

    KeyRoutes(Keys keys, JsonBodies json) {
        this.keys = keys;
        this.json = json;
    }

    void addTo(Router router) {
        Guard admin = Guard.bus(Scope.ADMIN);
        router.on("GET", "/v1/keys", admin, exchange -> keys.list().thenApply(Answers::ok))
                .on("POST", "/v1/keys", admin, this::create)
                .on(
                        "DELETE",
                        "/v1/keys/{key}",
                        admin,
                        exchange -> keys.revoke(exchange.name(0)).thenApply(Answers::ok));
    }

    private CompletionStage<HttpResponse> create(Exchange exchange) {
        return json.read(exchange, ApiKey.Request.class)
                .thenCompose(request -> keys.create(request, exchange.caller().id()))
                .thenApply(outcome -> Answers.of(outcome, key -> {
                    exchange.about(key.name() + ":" + key.key());
                    // What is shown once must not lie about in a cache.
                    return Answers.json(201, key).addHeader(RawHeader.create("Cache-Control", "no-store"));
                }));
    }
}
