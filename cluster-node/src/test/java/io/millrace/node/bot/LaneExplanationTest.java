package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.Explanation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneExplanationTest {
    private static final BotConfig TWO = Given.config(Given.WORKER, "orders").withLanes(2, "/customer");
    private static final BotConfig FIVE = TWO.withLanes(5, "/customer");

    private BotState bot = opened();
    private long events = 12;
    private Map<String, Position> goals = Map.of();

    private static BotState opened() {
        BotState registered = Given.state(new BotEvent.Registered(NOW, TWO));
        return registered.apply(LaneDecisions.open(registered, List.of(Given.at(1)), 0, NOW));
    }

    private BotState lane(int index) {
        return Given.apply(BotState.EMPTY, LaneDecisions.follow(BotState.EMPTY, LaneOrder.of(bot, index), NOW));
    }

    private BotSight sight(BotState state) {
        return new BotSight(
                List.of(),
                true,
                new BotReply.Plight(state, "node", 1, false, List.of(), goals, NOW),
                "",
                false,
                Map.of("orders", new QueueSight(null, events)),
                null,
                Instant.ofEpochMilli(NOW));
    }

    private Explanation explain(BotState... lanes) {
        BotSight sight = sight(bot);
        return LaneExplanation.of(
                sight,
                new BotReply.Plight(bot, "node", 1, false, List.of(), Map.of(), NOW),
                List.of(lanes).stream()
                        .map(lane -> BotExplanation.of(sight(lane)))
                        .toList());
    }

    private static String evidence(Explanation told, String check) {
        return told.checks().stream()
                .filter(one -> one.check().equals(check))
                .findFirst()
                .orElseThrow()
                .evidence();
    }

    @Test
    void lanesThatHaveNothingToDoSaySoOnce() {
        events = 0;

        Explanation told = explain(lane(0), lane(1));

        assertThat(told.running()).isFalse();
        assertThat(told.because()).startsWith("No events wait for it");
        assertThat(evidence(told, "lanes")).isEqualTo("2 lanes by /customer share its events");
        assertThat(told.checks()).extracting(Explanation.Check::check).endsWith("lanes", "lane:0", "lane:1");
    }

    @Test
    void aBotRunsIfOneOfItsLanesDoes() {
        BotState running = lane(1);
        running = running.apply(RunDecisions.start(running, "run", "node", "worker", NOW, RunCause.EVENTS));

        Explanation told = explain(lane(0), running);

        assertThat(told.running()).isTrue();
        assertThat(told.because()).isEqualTo("1 of 2 lanes are running.");
    }

    @Test
    void aPausedLaneThatHasNotEndedIsSaidToHoldUpTheChange() {
        bot = bot.apply(new BotEvent.Registered(NOW, FIVE)).apply(new BotEvent.Paused(NOW, "lunch"));
        goals = Map.of("orders", Given.checkpoint(9).checkpoint());

        Explanation told = explain(lane(0).apply(new BotEvent.LaneRetired(NOW)), lane(1));

        assertThat(told.because()).contains("It is paused (\"lunch\")");
        assertThat(evidence(told, "lanes"))
                .startsWith("2 lanes by /customer are to become 5 by /customer")
                .contains("lane 1 has yet to come to its end: It is paused")
                .doesNotContain("lane 0 has");
        assertThat(evidence(told, "lane:0")).isEqualTo("It has come to its end and waits for the other lanes.");
    }

    @Test
    void aLaneWhoseWayToItsEndIsGoneSaysWhatHelps() {
        bot = bot.apply(new BotEvent.Registered(NOW, FIVE));
        events = 0;
        goals = Map.of("orders", Given.checkpoint(9).checkpoint());

        Explanation told = explain(lane(0), lane(1));

        assertThat(told.because())
                .startsWith("Its lanes are being changed: 2 lanes by /customer are to become 5 by /customer")
                .contains("It has to read orders up to " + Given.checkpoint(9).checkpoint())
                .contains("a checkpoint set on orders lets it go on");
    }

    @Test
    void aCheckpointThatIsSetLetsALaneComeToItsEnd() {
        bot = bot.apply(new BotEvent.Registered(NOW, FIVE));
        BotState lane = lane(0);
        assertThat(LaneDecisions.goals(lane, Map.of("orders", Given.id(9))))
                .containsEntry("orders", Given.checkpoint(9).checkpoint());

        bot = bot.apply(new BotEvent.CheckpointSet(NOW, "orders", Given.checkpoint(9), "gone"));
        lane = Given.apply(lane, LaneDecisions.follow(lane, LaneOrder.of(bot, 0), NOW));

        assertThat(LaneDecisions.isThrough(lane, Map.of())).isTrue();
    }
}
