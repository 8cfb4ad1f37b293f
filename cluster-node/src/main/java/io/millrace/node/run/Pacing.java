package io.millrace.node.run;

import io.millrace.protocol.pace.Pace;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Lets what was read through no faster than the run may read. What is held back when the run is to stop, the next one reads. */
final class Pacing {
    private final Pace pace;
    private final Linger linger;

    private Pacing(Pace pace, Linger linger) {
        this.pace = pace;
        this.linger = linger;
    }

    /** @param pace shared by all feeds of the run; null for no limit */
    static Source<Batch, NotUsed> of(Source<Batch, NotUsed> feed, @Nullable Pace pace, Linger linger) {
        if (pace == null) {
            return feed;
        }
        Pacing pacing = new Pacing(pace, linger);
        // Behind what was held back nothing more may come, be it only the news that the queue is read to its end.
        return feed.flatMapConcat(pacing::pieces).takeWhile(Optional::isPresent).map(Optional::get);
    }

    private Source<Optional<Batch>, NotUsed> pieces(Batch batch) {
        return batch.events().isEmpty()
                ? Source.single(Optional.of(batch))
                : Source.unfoldAsync(
                        Optional.of(batch),
                        rest -> rest.map(this::piece)
                                .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())));
    }

    /** The next piece of a batch, and what is left of it; no piece if the run is to stop. */
    private CompletionStage<Optional<Pair<Optional<Batch>, Optional<Batch>>>> piece(Batch batch) {
        if (linger.isStopped()) {
            return CompletableFuture.completedStage(Optional.of(Pair.create(Optional.empty(), Optional.empty())));
        }
        int size = batch.events().size();
        int taken = pace.take(size, linger.now());
        if (taken > 0) {
            Optional<Batch> rest = taken == size ? Optional.empty() : Optional.of(batch.from(taken));
            return CompletableFuture.completedStage(Optional.of(Pair.create(rest, Optional.of(batch.upTo(taken)))));
        }
        return new CompletableFuture<Boolean>()
                .completeOnTimeout(true, pace.delay(size, linger.now()), TimeUnit.MILLISECONDS)
                .thenCompose(later -> piece(batch));
    }
}
