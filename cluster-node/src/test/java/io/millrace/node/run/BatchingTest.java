package io.millrace.node.run;

import static io.millrace.node.run.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Event;
import io.millrace.protocol.QueueName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BatchingTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final QueueName ORDERS = new QueueName("orders");

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void withoutATimeBatchesAreWhatWasReadCutToSize() throws Exception {
        assertThat(sizes(Duration.ZERO, 4, 1 << 20)).containsExactly(4, 2, 4, 1);
    }

    @Test
    void withATimeSmallReadsAreGathered() throws Exception {
        assertThat(sizes(Duration.ofMinutes(1), 4, 1 << 20)).containsExactly(4, 4, 3);
    }

    @Test
    void gatheringEndsByBytesToo() throws Exception {
        assertThat(sizes(Duration.ofMinutes(1), 100, 16)).containsExactly(2, 2, 2, 2, 2, 1);
    }

    @Test
    void gatheringEndsWhenItsTimeDoes() throws Exception {
        var first = Batching.of(Source.single(batch(0, 3)).concat(Source.maybe()), 100, 1 << 20, Duration.ofMillis(50))
                .runWith(Sink.head(), KIT.system())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(first.events()).hasSize(3);
    }

    private static List<Integer> sizes(Duration gather, int count, int bytes) throws Exception {
        List<Batch> batches = Batching.of(Source.from(List.of(batch(0, 6), batch(6, 11))), count, bytes, gather)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        List<Event> all =
                batches.stream().flatMap(batch -> batch.events().stream()).toList();
        assertThat(all).isEqualTo(events(0, 11));
        return batches.stream().map(batch -> batch.events().size()).toList();
    }

    private static Batch batch(long from, long to) {
        return new Batch(ORDERS, events(from, to), 7);
    }
}
