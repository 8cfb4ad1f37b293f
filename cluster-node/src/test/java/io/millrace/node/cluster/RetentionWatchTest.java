package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.SkewedClock;
import io.millrace.node.journal.DueQueue;
import io.millrace.node.journal.RetentionDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RetentionWatchTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final SkewedClock clock = new SkewedClock();
    private final List<String> woken = new CopyOnWriteArrayList<>();
    private final List<DueQueue> plan = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean away;

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    @Test
    void onlyQueuesWhoseTimeHasComeAreWoken() {
        long now = clock.millis();
        plan.add(new DueQueue("a", now - 1));
        plan.add(new DueQueue("b", now + 3_600_000));
        plan.add(new DueQueue("c", now - 1_000_000));
        watch(Duration.ofHours(1));

        awaitWoken(2);
        awaitReads(RetentionDirectory.SHARDS);
        assertThat(woken).containsExactly("a", "c");
    }

    @Test
    void allRoundsGoThroughAllPagesAndWhatIsStillDueIsWokenAgain() {
        IntStream.range(0, 2_300).forEach(i -> plan.add(new DueQueue(String.format("q%05d", i), Long.MAX_VALUE)));
        plan.set(2_299, new DueQueue("q02299", 0));
        watch(Duration.ofMillis(50));

        awaitWoken(3);
        assertThat(woken).containsOnly("q02299");
    }

    @Test
    void manyThatAreDueAreWokenAFewAtATime() {
        IntStream.range(0, 200).forEach(i -> plan.add(new DueQueue(String.format("q%05d", i), 0)));
        long began = System.nanoTime();
        watch(Duration.ofHours(1));

        awaitWoken(200);
        long pauses = 200 / RetentionWatch.AT_A_TIME - 1;
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200 * pauses - 100));
    }

    @Test
    void aPlanThatCantBeReadIsReadAgain() {
        plan.add(new DueQueue("a", 0));
        away = true;
        watch(Duration.ofHours(1));
        awaitReads(1);
        away = false;

        awaitWoken(1);
    }

    private void watch(Duration every) {
        KIT.spawn(RetentionWatch.create(this::page, woken::add, every, clock));
    }

    /** All of them in shard 3. */
    private CompletionStage<List<DueQueue>> page(int shard, String after, int limit) {
        reads.incrementAndGet();
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        }
        return CompletableFuture.completedStage(
                shard != 3
                        ? List.of()
                        : plan.stream()
                                .filter(queue -> queue.queue().compareTo(after) > 0)
                                .limit(limit)
                                .toList());
    }

    private void awaitWoken(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> woken.size() >= count);
    }

    private void awaitReads(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> reads.get() >= count);
    }
}
