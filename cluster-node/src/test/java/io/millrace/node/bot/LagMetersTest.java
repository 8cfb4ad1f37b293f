package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LagMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now = 1_000_000;
    private final LagMeters lag = new LagMeters(registry, 2, () -> now);

    private void noted(String bot, String queue, long events) {
        lag.noted(bot, Map.of(queue, new BotFacts.Waiting(events, events == 0 ? null : (Long) (now - 5_000))));
    }

    private double gauge(String name, String bot) {
        Gauge gauge = registry.find(name).tag("bot", bot).gauge();
        return gauge == null ? -1 : gauge.value();
    }

    @Test
    void aBotThatIsBehindIsToldOfUntilItHasCaughtUp() {
        lag.came("b");
        noted("b", "q", 7);
        now += 3_000;

        assertThat(gauge("millrace.bot.lag.events", "b")).isEqualTo(7);
        assertThat(gauge("millrace.bot.lag", "b")).isEqualTo(8);

        noted("b", "q", 0);
        assertThat(gauge("millrace.bot.lag", "b")).isEqualTo(-1);
    }

    @Test
    void whoFindsNoRoomIsInTheSumAndTheGreatestOfTheOthers() {
        for (String bot : new String[] {"a", "b", "c", "d"}) {
            lag.came(bot);
            noted(bot, "q", 10);
        }

        assertThat(gauge("millrace.bot.lag.events", "_other")).isEqualTo(20);
        assertThat(gauge("millrace.bot.lag", "_other")).isEqualTo(5);
        assertThat(registry.find("millrace.bot.lag").gauges()).hasSize(3);

        lag.left("a", false, false);
        noted("e", "q", 1);
        assertThat(registry.find("millrace.bot.lag").gauges())
                .as("e isn't here")
                .hasSize(2);
    }

    @Test
    void whatABotAtRestIsBehindStaysForAWhile() {
        lag.came("b");
        noted("b", "q", 7);
        lag.left("b", true, false);
        now += LagMeters.KEPT.toMillis() - 1;
        lag.prune();
        assertThat(gauge("millrace.bot.lag.events", "b")).isEqualTo(7);

        now += 2;
        lag.prune();
        assertThat(gauge("millrace.bot.lag.events", "b")).isEqualTo(-1);
    }

    @Test
    void theLastNoteOfABotThatRestsCountsAndThatOfOneThatHasMovedDoesNot() {
        lag.came("rests");
        lag.left("rests", true, true);
        noted("rests", "q", 3);
        lag.came("moved");
        noted("moved", "q", 1);
        lag.left("moved", false, true);
        noted("moved", "q", 3);

        assertThat(gauge("millrace.bot.lag.events", "rests")).isEqualTo(3);
        assertThat(gauge("millrace.bot.lag.events", "moved")).isEqualTo(-1);

        noted("rests", "q", 0);
        assertThat(registry.find("millrace.bot.lag").gauges()).hasSize(1);
    }
}
