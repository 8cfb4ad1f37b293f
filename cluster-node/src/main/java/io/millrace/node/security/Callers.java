package io.millrace.node.security;

import io.millrace.node.application.Access;
import io.millrace.node.application.Caller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Knows callers by {@code Authorization: Bearer} and an API key or a token. */
final class Callers implements Access {
    private static final String SCHEME = "Bearer ";

    /** As much as fits into a header field. */
    private static final int LONGEST = 8 << 10;

    private final KeyRing ring;
    private final @Nullable Tokens tokens;

    Callers(KeyRing ring, @Nullable Tokens tokens) {
        this.ring = ring;
        this.tokens = tokens;
    }

    @Override
    public CompletionStage<Optional<Caller>> caller(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > LONGEST
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return nobody();
        }
        String proof = authorization.substring(SCHEME.length()).strip();
        if (proof.startsWith(KeyText.PREFIX)) {
            return KeyText.parse(proof).map(ring::caller).orElseGet(Callers::nobody);
        }
        return tokens == null ? nobody() : CompletableFuture.completedStage(tokens.caller(proof));
    }

    private static CompletionStage<Optional<Caller>> nobody() {
        return CompletableFuture.completedStage(Optional.empty());
    }
}
