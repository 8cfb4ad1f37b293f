package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.protocol.http.RunProtocol;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BotMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now = NOW;
    private final BotMetrics metrics = new BotMetrics(registry, 1, () -> now);
    private final BotMetrics.OfBot bot = metrics.of("b");
    private BotState state = Given.registered();

    private void settle(BotEvent... events) {
        BotState after = state;
        for (BotEvent event : events) {
            after = after.apply(event);
        }
        bot.settled(state, after);
        state = after;
    }

    private void begin() {
        settle(RunDecisions.start(state, "run", "node", "worker", NOW, RunCause.EVENTS));
    }

    private void end(BotEvent.How how, long backoffUntil) {
        settle(new BotEvent.RunEnded(NOW + 2_000, state.epoch(), how, "why", backoffUntil));
    }

    private double bots(String state) {
        return registry.get("millrace.bots").tag("state", state).gauge().value();
    }

    private double count(String name, String... tags) {
        Counter counter = registry.find(name).tags(tags).counter();
        return counter == null ? -1 : counter.count();
    }

    @Test
    void aBotStandsInOneWayAtATime() {
        bot.recovered(state);
        assertThat(bots("idle")).isEqualTo(1);
        begin();
        assertThat(bots("idle")).isZero();
        assertThat(bots("running")).isEqualTo(1);
        end(BotEvent.How.ERROR, NOW + 60_000);
        assertThat(bots("backing-off")).isEqualTo(1);
        now += 60_001;
        assertThat(bots("backing-off")).as("time alone ends it").isZero();
        for (int i = 0; i < BotState.ROGUE_AFTER; i++) {
            begin();
            end(BotEvent.How.ERROR, 0);
        }
        assertThat(bots("rogue")).isEqualTo(1);
        begin();
        assertThat(bots("rogue")).as("while it is tried").isEqualTo(1);
        settle(new BotEvent.Paused(NOW, null));
        assertThat(bots("paused")).isEqualTo(1);

        bot.close(true, false);
        for (BotMetrics.Standing standing : BotMetrics.Standing.values()) {
            assertThat(bots(standing.label())).as(standing.label()).isZero();
        }
    }

    @Test
    void whatRunsComeToIsCountedOnceInAllAndByName() {
        begin();
        settle(new BotEvent.Checkpointed(NOW, state.epoch(), Given.at(5)));
        settle(new BotEvent.Suspected(
                NOW,
                state.epoch(),
                "orders",
                new Suspect(Given.id(6), 1, state.epoch(), NOW, NOW, "e", RunProtocol.Action.DEAD_LETTER),
                0,
                false));
        settle(new BotEvent.Checkpointed(NOW, state.epoch(), Given.at(7)));
        end(BotEvent.How.OK, 0);
        begin();
        settle(new BotEvent.Wrote("out"));
        end(BotEvent.How.LOST, 0);

        assertThat(count("millrace.handled.events")).isEqualTo(7);
        assertThat(count("millrace.bot.events", "bot", "b")).isEqualTo(7);
        assertThat(count("millrace.dead.letters")).isEqualTo(1);
        assertThat(count("millrace.bot.dead.letters", "bot", "b")).isEqualTo(1);
        assertThat(count("millrace.bot.runs", "bot", "b", "outcome", "ok")).isEqualTo(1);
        assertThat(count("millrace.bot.runs", "bot", "b", "outcome", "lost")).isEqualTo(1);
        assertThat(registry.get("millrace.runs").tag("outcome", "ok").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }

    @Test
    void whatWasCountedByNameGoesWithTheBotAndTheSumsStay() {
        begin();
        end(BotEvent.How.OK, 0);
        BotMetrics.OfBot other = metrics.of("late");
        other.settled(Given.running(), Given.running().apply(new BotEvent.Checkpointed(NOW, 1, Given.at(3))));
        assertThat(count("millrace.bot.events", "bot", "_other")).isEqualTo(3);

        bot.close(true, false);
        other.close(true, false);

        assertThat(count("millrace.bot.runs", "bot", "b", "outcome", "ok")).isEqualTo(-1);
        assertThat(count("millrace.bot.events", "bot", "_other")).isEqualTo(3);
        assertThat(registry.get("millrace.runs").tag("outcome", "ok").timer().count())
                .isEqualTo(1);
    }
}
