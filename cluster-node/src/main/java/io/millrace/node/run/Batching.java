package io.millrace.node.run;

import io.millrace.protocol.Event;
import io.millrace.protocol.http.BotConfig;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Makes batches of what a feed has read, by count, bytes and time, whichever comes first. */
final class Batching {
    private static final int BATCH_COUNT = 1_000;
    private static final int BATCH_BYTES = 4 << 20;

    private record Single(Batch batch, Event event) {}

    private Batching() {}

    /** Within the limits of a registration. */
    static Source<Batch, NotUsed> of(Source<Batch, NotUsed> feed, BotConfig.@Nullable Batch limits) {
        Integer count = limits == null ? null : limits.count();
        Integer bytes = limits == null ? null : limits.bytes();
        Duration time = limits == null ? null : limits.time();
        return of(
                feed,
                count == null ? BATCH_COUNT : count,
                bytes == null ? BATCH_BYTES : bytes,
                time == null ? Duration.ZERO : time);
    }

    /** Without a time to gather, batches are what was read, cut to size: nothing waits, and nothing is done per event. */
    static Source<Batch, NotUsed> of(Source<Batch, NotUsed> feed, int count, int bytes, Duration gather) {
        if (gather.isZero()) {
            return feed.mapConcat(batch -> batch.cut(count, bytes));
        }
        return feed.mapConcat(batch -> batch.events().stream()
                        .map(event -> new Single(batch, event))
                        .toList())
                .groupedWeightedWithin(
                        bytes, count, single -> (long) single.event().payload().length(), gather)
                .map(Batching::gathered);
    }

    private static Batch gathered(List<Single> singles) {
        Batch first = singles.get(0).batch();
        return new Batch(first.queue(), singles.stream().map(Single::event).toList(), first.takenAt());
    }
}
