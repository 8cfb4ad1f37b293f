package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import io.millrace.node.application.StorageAwayException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/** How failures go through stages. */
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

    /** {@return the same, but a database that is away is told in a way that those who know no driver understand} */
    static <T> CompletionStage<T> orAway(CompletionStage<T> stage) {
        return stage.exceptionallyCompose(failure -> {
            // A statement that the database refuses to understand is no outage.
            return CompletableFuture.failedStage(
                    cause(failure) instanceof DriverException away && !(away instanceof QueryValidationException)
                            ? new StorageAwayException(away)
                            : failure);
        });
    }

    /**
     * {@return what Pekko wants, told the failure itself and not what CompletionStages wrap it in; of a failure of the
     * driver only what it says, see JournalException}
     */
    static <T> Future<T> asScala(CompletionStage<T> stage) {
        var plain = new CompletableFuture<T>();
        stage.whenComplete((value, failure) -> {
            Throwable cause = cause(failure);
            if (cause == null) {
                plain.complete(value);
            } else {
                plain.completeExceptionally(
                        cause instanceof DriverException
                                ? new JournalException("the database doesn't answer", cause)
                                : cause);
            }
        });
        return FutureConverters.asScala(plain);
    }
}
