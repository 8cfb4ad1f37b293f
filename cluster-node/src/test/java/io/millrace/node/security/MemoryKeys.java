package io.millrace.node.security;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys in memory, that can be away, and that count what they are asked. */
final class MemoryKeys implements KeyStore {
    final AtomicInteger versionsAsked = new AtomicInteger();
    final AtomicInteger allAsked = new AtomicInteger();
    private final Map<String, StoredKey> keys = new LinkedHashMap<>();
    private int version;
    boolean away;
    /** What happens while an answer is on its way. */
    Runnable onTheWay = () -> {};

    @Override
    public CompletionStage<Optional<String>> version() {
        versionsAsked.incrementAndGet();
        return away
                ? CompletableFuture.failedStage(new IllegalStateException("away"))
                : CompletableFuture.completedStage(version == 0 ? Optional.empty() : Optional.of("" + version));
    }

    @Override
    public CompletionStage<List<StoredKey>> all() {
        allAsked.incrementAndGet();
        List<StoredKey> found = new ArrayList<>(keys.values());
        onTheWay.run();
        return CompletableFuture.completedStage(found);
    }

    @Override
    public CompletionStage<Void> put(StoredKey key) {
        version++;
        keys.put(key.id(), key);
        return CompletableFuture.completedStage(null);
    }
}
