package io.millrace.node.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Unwraps what CompletionStages wrap. */
final class Failures {
    private Failures() {}

    static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** {@return what {@code work} returns, or a failed stage when it throws} */
    static <T> CompletionStage<T> caught(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }
}
