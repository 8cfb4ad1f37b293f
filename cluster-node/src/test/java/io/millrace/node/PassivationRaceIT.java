package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Events that come just while queues and bots leave memory: each reaches its bot, by the wake-up alone. */
class PassivationRaceIT {
    private static final long IDLE_MILLIS = 200;
    private static final long LINGER_MILLIS = 50;

    /** Where a cycle takes longer, its event was missed and something else made good for it. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private final AtomicLong slowest = new AtomicLong();

    @Test
    void noEventIsMissedWhileQueuesAndBotsPassivate() {
        race(40, 25);
    }

    /** Minutes of the whole machine: {@code ./mvnw verify -Pfaults -Dit.test=PassivationRaceIT -pl cluster-node -am}. */
    @Test
    @EnabledIfSystemProperty(named = "millrace.faults.minutes", matches = ".+")
    void noEventOfTenThousandIsMissedWhileQueuesAndBotsPassivate() {
        race(200, 50);
    }

    private void race(int pairs, int cycles) {
        long seed = Long.getLong("millrace.test.seed", System.nanoTime());
        System.out.println("PassivationRaceIT: -Dmillrace.test.seed=" + seed);
        String idle = IDLE_MILLIS + " ms";
        Map<String, Object> settings = Map.of(
                "millrace.queue.passivate-after", idle,
                "millrace.bot.passivate-after", idle,
                "millrace.bot.linger", LINGER_MILLIS + " ms");
        try (WholeNode node = WholeNode.start(settings)) {
            IntStream.range(0, pairs).forEach(pair -> node.register(name(cycles, pair), name(cycles, pair)));
            long begin = System.nanoTime();
            CompletableFuture<?>[] all = IntStream.range(0, pairs)
                    .mapToObj(pair -> cycle(node, name(cycles, pair), 1, cycles, new Random(seed + pair)))
                    .toArray(CompletableFuture<?>[]::new);
            assertThat(CompletableFuture.allOf(all)).succeedsWithin(Duration.ofMinutes(10));

            IntStream.range(0, pairs)
                    .forEach(pair ->
                            assertThat(Noting.events(name(cycles, pair))).hasSize(cycles));
            double claims = node.metric("millrace_journal_claim_seconds_count");
            System.out.printf(
                    "PassivationRaceIT: %d cycles in %d s, slowest %d ms, recoveries %.0f, looks by the sweeper %.0f%n",
                    pairs * cycles,
                    (System.nanoTime() - begin) / 1_000_000_000,
                    slowest.get(),
                    claims,
                    node.metric("millrace_sweeper_checks_total"));
            // About 1.9 a cycle on a machine at rest; on a busy one many an event comes before they have gone.
            assertThat(claims).as("queues and bots did leave memory").isGreaterThan(pairs * cycles / 10.0);
        }
    }

    private CompletableFuture<Void> cycle(WholeNode node, String name, int number, int cycles, Random random) {
        if (number > cycles) {
            return CompletableFuture.completedFuture(null);
        }
        long begin = System.nanoTime();
        return node.append(name, name, number)
                .thenCompose(id -> Noting.seen(name, id).orTimeout(STUCK.toSeconds(), TimeUnit.SECONDS))
                .handle((seen, failure) -> {
                    assertThat(failure)
                            .as("event %d of %s reaches its bot", number, name)
                            .isNull();
                    slowest.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
                    return number;
                })
                .thenCompose(seen -> pause(random))
                .thenCompose(rested -> cycle(node, name, number + 1, cycles, random));
    }

    /** About as long as it takes until both want to go. */
    private static CompletableFuture<Void> pause(Random random) {
        double millis = LINGER_MILLIS + IDLE_MILLIS + 80 * random.nextGaussian();
        return CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(Math.max(0, Math.round(millis)), TimeUnit.MILLISECONDS));
    }

    private static String name(int cycles, int pair) {
        return "race-" + cycles + "-" + pair;
    }
}
