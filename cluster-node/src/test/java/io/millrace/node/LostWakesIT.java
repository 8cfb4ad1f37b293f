package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.queue.BotSignals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** No wake-up ever reaches a bot: the nodes' reports to the sweeper make good for them. */
class LostWakesIT {
    private static final int QUEUES = 20;
    private static final int BOTS = 50;

    /** What issue 3 allows. */
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final AtomicInteger lost = new AtomicInteger();

    @Test
    void withAllWakeUpsLostEveryBotStillGetsItsEventsWithinTenSeconds() {
        Map<String, Object> settings = Map.of(
                "millrace.queue.passivate-after", "1 s",
                "millrace.bot.passivate-after", "1 s",
                "millrace.bot.linger", "100 ms");
        try (WholeNode node = WholeNode.start(settings, this::losing)) {
            for (int bot = 0; bot < BOTS; bot++) {
                node.register(bot(bot), queue(bot));
            }
            // The bots' first look at their queues, and then out of memory with them, again and again.
            for (int round = 1; round <= 4; round++) {
                List<String> ids = new ArrayList<>();
                for (int queue = 0; queue < QUEUES; queue++) {
                    ids.add(WholeNode.await(node.append(queue(queue), "lost-wakes", round)));
                }
                CompletableFuture<?>[] all = new CompletableFuture<?>[BOTS];
                for (int bot = 0; bot < BOTS; bot++) {
                    all[bot] = Noting.seen(bot(bot), ids.get(bot % QUEUES));
                }
                assertThat(CompletableFuture.allOf(all))
                        .as("round %d: every bot has got its event", round)
                        .succeedsWithin(WITHIN);
                if (round % 2 == 0) {
                    awaitRest(node);
                }
            }
            assertThat(lost).as("wake-ups that were lost").hasValueGreaterThan(BOTS);
            assertThat(node.metric("millrace_sweeper_sweeps_total"))
                    .as("sweeps, of which only the first is no rescue")
                    .isEqualTo(1);

            // What is at rest is left alone.
            double claims = node.metric("millrace_journal_claim_seconds_count");
            Awaitility.await()
                    .during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> node.metric("millrace_journal_claim_seconds_count") == claims);
        }
    }

    /** All runs are over, and then nothing recovers or reports for longer than all idle limits together. */
    private static void awaitRest(WholeNode node) {
        double[] before = {-1, 0};
        Awaitility.await()
                .pollInterval(3, TimeUnit.SECONDS)
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    double claims = node.metric("millrace_journal_claim_seconds_count");
                    boolean quiet = claims == before[0] && node.metric("millrace_sweeper_moved") == 0;
                    before[0] = claims;
                    return quiet;
                });
    }

    private BotSignals losing(BotSignals signals) {
        return new LostWakes(signals, () -> lost.incrementAndGet() > 0);
    }

    private static String bot(int number) {
        return "lost-wake-bot-" + number;
    }

    private static String queue(int number) {
        return "lost-wake-queue-" + number % QUEUES;
    }
}
