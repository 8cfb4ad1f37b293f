package io.millrace.node.application;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds out who asks. What the caller may do then is in its {@link Caller#rights}. */
@FunctionalInterface
public interface Access {
    /** Everybody may do everything: for a node that only its own machine reaches. */
    Access OPEN = authorization -> CompletableFuture.completedStage(Optional.of(Caller.LOCAL));

    /**
     * Whom the field proves; empty where it proves nobody, for whatever reason: it is not told, so that nothing can be learned
     * by trying. Fails with {@link StorageAwayException} where that can't be found out now.
     *
     * @param authorization the field {@code Authorization}, or null where there is none; anything at all may stand there
     */
    CompletionStage<Optional<Caller>> caller(@Nullable String authorization);
}
