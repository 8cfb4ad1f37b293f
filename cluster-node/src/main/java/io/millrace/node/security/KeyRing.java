package io.millrace.node.security;

import io.millrace.node.application.Caller;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.application.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All keys of the bus, in memory on each node. What was invented is found out without a question to the storage, however much of
 * it comes; instead the storage is asked every second whether any key has changed, one small row. What wasn't confirmed for
 * {@link #TRUSTED} isn't believed: a key that was revoked is refused everywhere after that time, also by a node that is cut off
 * from the storage, which then refuses all keys.
 */
final class KeyRing {
    /** How often to ask. */
    static final Duration EVERY = Duration.ofSeconds(1);

    /** For how long an answer holds, from when it was asked for. Below the 5 s that a revocation may take. */
    static final Duration TRUSTED = Duration.ofSeconds(4);

    /** A key that isn't known may have been made this moment, and it is asked for; but so often at most, for all such together. */
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    /** Rows that expire or are changed by hand leave the version as it was. */
    private static final Duration READ_ALL = Duration.ofMinutes(1);

    /** Below the time in which clients expect an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final KeyStore store;
    private final Clock clock;
    private final Ticker ticker;
    private final LongFunction<Executor> delays;
    private volatile @Nullable View view;
    private @Nullable CompletableFuture<View> asking;

    private record Known(StoredKey key, Caller caller) {}

    /** @param asOf when the storage was asked, by the ticker; {@code readAt} when all was read */
    private record View(Map<String, Known> keys, Optional<String> version, long asOf, long readAt) {}

    KeyRing(KeyStore store, Clock clock, Ticker ticker) {
        this(store, clock, ticker, millis -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }

    /** @param delays gives what runs work after so many ms */
    KeyRing(KeyStore store, Clock clock, Ticker ticker, LongFunction<Executor> delays) {
        this.delays = delays;
        this.store = store;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Whose key it is, if it is one that is valid now. */
    CompletionStage<Optional<Caller>> caller(KeyText presented) {
        View now = view;
        if (now != null && isWithin(now.asOf(), TRUSTED) && now.keys().containsKey(presented.id())) {
            return CompletableFuture.completedStage(find(now, presented));
        }
        return since(ticker.millis())
                .copy()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(away -> CompletableFuture.failedFuture(new StorageAwayException(away)))
                .thenApply(later -> {
                    if (!isWithin(later.asOf(), TRUSTED)) {
                        throw new StorageAwayException(new TimeoutException("the keys were long on their way"));
                    }
                    return find(later, presented);
                });
    }

    /** What the storage says when it is asked at that moment or later: a key may have been made the moment before. */
    private CompletableFuture<View> since(long moment) {
        View now = view;
        if (now != null && now.asOf() >= moment) {
            return CompletableFuture.completedFuture(now);
        }
        long rest = now == null ? 0 : now.asOf() + ASK_AGAIN.toMillis() - ticker.millis();
        return rest > 0
                ? CompletableFuture.runAsync(() -> {}, delays.apply(rest)).thenCompose(waited -> since(moment))
                : ask().thenCompose(read ->
                        read.asOf() >= moment ? CompletableFuture.completedFuture(read) : since(moment));
    }

    private boolean isWithin(long then, Duration time) {
        return ticker.millis() - then <= time.toMillis();
    }

    private Optional<Caller> find(View in, KeyText presented) {
        Known known = in.keys().get(presented.id());
        return known != null && known.key().is(presented) && known.key().isValid(clock.instant())
                ? Optional.of(known.caller())
                : Optional.empty();
    }

    /** Asks the storage, once for all who want to know meanwhile. */
    CompletionStage<?> refresh() {
        return ask();
    }

    private synchronized CompletableFuture<View> ask() {
        CompletableFuture<View> current = asking;
        if (current != null) {
            return current;
        }
        CompletableFuture<View> next = new CompletableFuture<>();
        asking = next;
        read(view).whenComplete((read, failure) -> {
            synchronized (this) {
                asking = null;
                if (read != null) {
                    view = read;
                }
            }
            if (read == null) {
                next.completeExceptionally(failure);
            } else {
                next.complete(read);
            }
        });
        return next;
    }

    private CompletionStage<View> read(@Nullable View before) {
        long asOf = ticker.millis();
        return store.version()
                .thenCompose(version ->
                        before != null && before.version().equals(version) && isWithin(before.readAt(), READ_ALL)
                                ? CompletableFuture.completedStage(
                                        new View(before.keys(), version, asOf, before.readAt()))
                                : store.all().thenApply(keys -> new View(known(keys), version, asOf, asOf)));
    }

    private static Map<String, Known> known(List<StoredKey> keys) {
        Map<String, Known> known = new HashMap<>();
        keys.forEach(key -> known.put(
                key.id(),
                new Known(
                        key,
                        new Caller(
                                "key:" + key.name() + ":" + key.id(),
                                "key:" + key.name(),
                                Caller.Kind.KEY,
                                key.rights()))));
        return known;
    }
}
