package io.millrace.node.http;

import io.millrace.node.application.Keys;
import io.millrace.node.application.Outcome;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.ApiKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has one key, and makes others without keeping them. */
final class FakeKeys implements Keys {
    static final String SECRET = "mr_00_not-really";

    private static ApiKey key(String name, List<String> grants, String by, String secret) {
        return new ApiKey("00", name, grants, Instant.EPOCH, by, Instant.EPOCH, null, secret);
    }

    @Override
    public CompletionStage<Outcome<ApiKey.Listing>> list() {
        return CompletableFuture.completedStage(
                Outcome.done(new ApiKey.Listing(List.of(key("ops", List.of("admin:*"), "test", null)))));
    }

    @Override
    public CompletionStage<Outcome<ApiKey>> create(ApiKey.Request request, String by) {
        return CompletableFuture.completedStage(Outcome.done(key(request.name(), request.grants(), by, SECRET)));
    }

    @Override
    public CompletionStage<Outcome<ApiKey>> revoke(String key) {
        return CompletableFuture.completedStage(
                key.equals("00")
                        ? Outcome.done(key("ops", List.of("admin:*"), "test", null))
                        : Outcome.refused(ProblemType.NOT_FOUND, "no such key"));
    }
}
