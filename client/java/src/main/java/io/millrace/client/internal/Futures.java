package io.millrace.client.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the JDK's futures lack. */
public final class Futures {
    private Futures() {}

    /** Calls {@code reaction} with the value or the failure; its own failures are nobody's, so it must not have any. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public static <T extends @Nullable Object> void onDone(
            CompletableFuture<T> future, BiConsumer<? super T, ? super @Nullable Throwable> reaction) {
        future.whenComplete(reaction);
    }
}
