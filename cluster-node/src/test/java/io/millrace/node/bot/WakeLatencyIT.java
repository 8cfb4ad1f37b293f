package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.WholeNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Measures, and prints, how long it takes from an append to the handler of a bot that was passivated: claim, replay, the run's
 * record, the handler's first read. Asserts only that each wake came.
 */
class WakeLatencyIT {
    private static final int WAKES = Integer.getInteger("millrace.wakes", 30);

    @Test
    void aPassivatedBotIsWokenByEachEvent() {
        long[] latencies = new long[WAKES];
        try (WholeNode node =
                WholeNode.start(Map.of("millrace.bot.passivate-after", "200 ms", "millrace.bot.linger", "100 ms"))) {
            node.send(
                    "PUT",
                    "/v1/bots/napper",
                    "{\"triggers\":[\"naps\"],\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.run.Timing\"}}");
            for (int i = 0; i < WAKES; i++) {
                int n = i;
                // Its run is over, and it has idled for longer than it may; looking at it would wake it.
                Awaitility.await()
                        .pollDelay(Duration.ofMillis(900))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> io.millrace.node.run.Timing.CALLED.size() == n);
                long sent = System.nanoTime();
                node.put("naps", i, 1);
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(2))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> io.millrace.node.run.Timing.CALLED.size() == n + 1);
                latencies[i] = (io.millrace.node.run.Timing.CALLED.get(n) - sent) / 1_000_000;
            }
        }
        Arrays.sort(latencies);
        System.out.printf(
                "wake of a passivated bot, append sent -> handler called: p50 %d ms, p90 %d ms, max %d ms, of %d%n",
                latencies[WAKES / 2], latencies[WAKES * 9 / 10], latencies[WAKES - 1], WAKES);
        assertThat(latencies).hasSize(WAKES);
    }
}
