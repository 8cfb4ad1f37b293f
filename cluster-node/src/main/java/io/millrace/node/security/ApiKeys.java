package io.millrace.node.security;

import io.millrace.node.application.Keys;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Rights;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.ApiKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes, shows and revokes keys. */
public final class ApiKeys implements Keys {
    /** How long a key is valid where nobody says. */
    public static final Duration DEFAULT_LIFE = Duration.ofDays(365);

    private static final Duration LONGEST_LIFE = Duration.ofDays(1_825);

    /** The one in use, and the one that is to replace it. */
    private static final int VALID_OF_A_NAME = 2;

    /** All nodes have all of them in memory. */
    private static final int MOST = 10_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final KeyStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public ApiKeys(KeyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Outcome<ApiKey.Listing>> list() {
        return store.all()
                .thenApply(keys -> Outcome.done(new ApiKey.Listing(keys.stream()
                        .sorted(Comparator.comparing(StoredKey::name).thenComparing(StoredKey::created))
                        .map(key -> shown(key, null))
                        .toList())));
    }

    @Override
    public CompletionStage<Outcome<ApiKey>> create(ApiKey.Request request, String by) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant expires = request.expiresAt() == null
                ? now.plus(DEFAULT_LIFE)
                : request.expiresAt().truncatedTo(ChronoUnit.MILLIS);
        if (!NAME.matcher(request.name()).matches()) {
            return refusedAt("/name", "must match " + NAME.pattern());
        } else if (!expires.isAfter(now) || expires.isAfter(now.plus(LONGEST_LIFE))) {
            return refusedAt("/expiresAt", "must be in the future, and within five years");
        } else if (request.grants().isEmpty()) {
            return refusedAt("/grants", "a key without grants may do nothing");
        }
        Rights rights;
        try {
            rights = Rights.parse(request.grants());
        } catch (IllegalArgumentException e) {
            return refusedAt("/grants", String.valueOf(e.getMessage()));
        }
        KeyText made = KeyText.make(random);
        StoredKey key = new StoredKey(made.id(), made.hash(), request.name(), rights, now, by, expires, null);
        return store.all().thenCompose(keys -> {
            if (keys.size() >= MOST) {
                return CompletableFuture.completedStage(
                        Outcome.refused(ProblemType.CONFLICT, "there are " + MOST + " keys already"));
            }
            List<String> valid = keys.stream()
                    .filter(other -> other.name().equals(key.name()) && other.isValid(now))
                    .map(StoredKey::id)
                    .toList();
            return valid.size() >= VALID_OF_A_NAME
                    ? CompletableFuture.completedStage(Outcome.refused(
                            ProblemType.CONFLICT,
                            "two keys of this name are valid already: revoke one of " + String.join(", ", valid)))
                    : store.put(key).thenApply(done -> Outcome.done(shown(key, made.text())));
        });
    }

    @Override
    public CompletionStage<Outcome<ApiKey>> revoke(String id) {
        return store.all().thenCompose(keys -> {
            StoredKey key =
                    keys.stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
            if (key == null) {
                return CompletableFuture.completedStage(
                        Outcome.refused(ProblemType.NOT_FOUND, "there is no such key (any more)"));
            } else if (key.revoked() != null) {
                return CompletableFuture.completedStage(Outcome.done(shown(key, null)));
            }
            StoredKey revoked = key.revoke(clock.instant().truncatedTo(ChronoUnit.MILLIS));
            return store.put(revoked).thenApply(done -> Outcome.done(shown(revoked, null)));
        });
    }

    private static CompletionStage<Outcome<ApiKey>> refusedAt(String pointer, String detail) {
        return CompletableFuture.completedStage(Outcome.refusedAt(pointer, detail));
    }

    private static ApiKey shown(StoredKey key, @Nullable String secret) {
        return new ApiKey(
                key.id(),
                key.name(),
                key.rights().grants().stream().map(Object::toString).toList(),
                key.created(),
                key.createdBy(),
                key.expires(),
                key.revoked(),
                secret);
    }
}
