package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.lane.Lane;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaneDecisionsTest {
    private static BotState bot(int lanes) {
        return Given.state(new BotEvent.Registered(
                NOW, Given.config(Given.WORKER, "orders").withLanes(lanes, "/customer")));
    }

    private static BotState opened(BotState bot, List<Map<String, Checkpoint>> ends) {
        return bot.apply(LaneDecisions.open(bot, ends, bot.epoch(), NOW));
    }

    private static BotState lane(LaneOrder order) {
        return Given.apply(BotState.EMPTY, LaneDecisions.follow(BotState.EMPTY, order, NOW));
    }

    private static BotState follow(BotState lane, LaneOrder order) {
        return Given.apply(lane, LaneDecisions.follow(lane, order, NOW));
    }

    private static BotState started(BotState state) {
        return state.apply(RunDecisions.start(state, "run", "node", null, NOW, RunCause.EVENTS));
    }

    @Test
    void aBotWithOneLaneHasNone() {
        assertThat(bot(1).lanes()).isNull();
        assertThat(LaneDecisions.isClosing(bot(1))).isFalse();
        assertThat(bot(1).lane()).isNull();
    }

    @Test
    void aBotThatGetsLanesComesToAnEndItselfAndThenDoesNothing() {
        BotState bot = bot(4);
        assertThat(LaneDecisions.isRetiring(bot)).isTrue();
        assertThat(bot.mayRun(NOW)).isTrue();

        BotState after = opened(bot, List.of(Given.at(7)));

        assertThat(after.coordinates()).isTrue();
        assertThat(after.mayRun(NOW)).isFalse();
        assertThat(after.wakers()).isEmpty();
        assertThat(LaneDecisions.isClosing(after)).isFalse();
        LaneOrder order = LaneOrder.of(after, 3);
        assertThat(order.lane()).isEqualTo(new Lane(3, 4, "/customer", null));
        assertThat(Objects.requireNonNull(order.start().get("orders")).checkpoint())
                .isEqualTo(Given.checkpoint(7).checkpoint());
        assertThat(lane(order).position("orders")).isEqualTo(Given.checkpoint(7).checkpoint());
        assertThat(lane(order).wakers()).containsExactly("orders");
    }

    @Test
    void theNextLanesBeginAtTheLeastAndKnowWhatWasDoneBeyond() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        bot = bot.apply(new BotEvent.Registered(
                NOW, Given.config(Given.WORKER, "orders").withLanes(3, "/customer")));
        assertThat(LaneOrder.of(bot, 0).retire()).isTrue();

        BotState after = opened(bot, List.of(Given.at(9), Given.at(5)));

        Lanes lanes = after.laneBook();
        assertThat(lanes.count()).isEqualTo(3);
        Lane.Before before = Objects.requireNonNull(lanes.before());
        assertThat(before.count()).isEqualTo(2);
        assertThat(before.done().get("orders"))
                .containsExactly(
                        Given.checkpoint(9).checkpoint(), Given.checkpoint(5).checkpoint());
        assertThat(after.position("orders")).isEqualTo(Given.checkpoint(5).checkpoint());
        assertThat(Objects.requireNonNull(after.read().get("orders")).records()).isEqualTo(15);
    }

    @Test
    void aLaneIsNotThroughBeforeItHasPassedWhatItsOutputComesFromAndWhatItLeavesOut() {
        LaneOrder order = Given.laneOrder(
                1, 0, 2, new Lane.Before(2, "/customer", Map.of("orders", List.of(at(8), Position.BEGINNING))));
        BotState lane = lane(order);
        assertThat(lane.position("orders")).isEqualTo(at(5));

        assertThat(LaneDecisions.isThrough(lane, Map.of())).isTrue(); // an administrator put it there

        BotState other = lane(new LaneOrder(
                1,
                2,
                order.lane(),
                Given.at(5),
                0,
                true,
                order.config(),
                false,
                false,
                null,
                null,
                null,
                0,
                0,
                Map.of(),
                0));
        assertThat(LaneDecisions.isThrough(other, Map.of())).isFalse();
        other = started(other).apply(new BotEvent.Checkpointed(NOW, 1, Given.at(8)));
        assertThat(LaneDecisions.isThrough(other, Map.of())).isTrue();
        assertThat(Objects.requireNonNull(other.lane()).before()).isNull();
        assertThat(LaneDecisions.isThrough(other, Map.of("orders", Given.id(9))))
                .isFalse();
        assertThat(LaneDecisions.isThrough(other, Map.of("orders", Given.id(8))))
                .isTrue();
    }

    private static Position at(long n) {
        return Given.checkpoint(n).checkpoint();
    }

    @Test
    void aRetiredLaneDoesNothingUntilAnotherOrderComes() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        BotState lane = lane(LaneOrder.of(bot, 0));
        bot = bot.apply(new BotEvent.Registered(
                NOW, Given.config(Given.WORKER, "orders").withLanes(3, "/customer")));
        lane = follow(lane, LaneOrder.of(bot, 0)).apply(new BotEvent.LaneRetired(NOW));
        assertThat(lane.mayRun(NOW)).isFalse();
        assertThat(lane.wakers()).isEmpty();
        long generation = lane.generation();

        bot = bot.apply(LaneDecisions.open(bot, List.of(Given.at(1), Given.at(1)), 41, NOW));
        BotState again = follow(lane, LaneOrder.of(bot, 0));

        assertThat(again.epoch())
                .as("a fencing token of a key, whichever lane it had")
                .isEqualTo(41);
        assertThat(again.mayRun(NOW)).isTrue();
        assertThat(again.generation()).isGreaterThan(generation);
    }

    @Test
    void anOlderOrderChangesNothing() {
        BotState lane = lane(Given.laneOrder(5, 1, 3, null));

        assertThat(LaneDecisions.follow(lane, Given.laneOrder(5, 1, 3, null), NOW))
                .isEmpty();
        assertThat(LaneDecisions.follow(lane, Given.laneOrder(4, 1, 2, null), NOW))
                .isEmpty();
    }

    @Test
    void aKillOrANewRegistrationEndsALanesRunAndAnEndOfTheLaneLetsItFinish() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        BotState lane = started(lane(LaneOrder.of(bot, 0)));

        assertThat(follow(lane, LaneOrder.of(bot.apply(new BotEvent.LanesKilled(NOW)), 0))
                        .run())
                .isNull();
        assertThat(follow(lane, LaneOrder.of(bot.apply(new BotEvent.Paused(NOW, null)), 0))
                        .run())
                .isNotNull();
        BotState changed = bot.apply(
                new BotEvent.Registered(NOW, Given.config(Given.JAVA, "orders").withLanes(2, "/customer")));
        assertThat(follow(lane, LaneOrder.of(changed, 0)).run()).isNull();
        BotState closing = bot.apply(
                new BotEvent.Registered(NOW, Given.config(Given.JAVA, "orders").withLanes(5, "/customer")));
        assertThat(follow(lane, LaneOrder.of(closing, 0)).run()).isNotNull();
    }

    @Test
    void aLaneThatStoppedByItselfGoesOnWhenItsBotIsResumed() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        BotState lane = lane(LaneOrder.of(bot, 0)).apply(new BotEvent.Paused(NOW, "poison"));

        BotState killed = bot.apply(new BotEvent.LanesKilled(NOW));
        assertThat(follow(lane, LaneOrder.of(killed, 0)).paused()).isTrue();
        assertThat(follow(lane, LaneOrder.of(killed.apply(new BotEvent.Resumed(NOW)), 0))
                        .paused())
                .isFalse();
    }

    @Test
    void anAdministratorsMoveReachesALaneOnceInWhateverOrder() {
        BotState bot = opened(bot(2), List.of(Given.at(5)));
        BotState lane = lane(LaneOrder.of(bot, 0));
        bot = bot.apply(new BotEvent.CheckpointSet(NOW, "orders", Given.checkpoint(2), null));

        BotState moved = follow(lane, LaneOrder.of(bot, 0));
        assertThat(moved.position("orders")).isEqualTo(at(2));
        BotState further = started(moved).apply(new BotEvent.Checkpointed(NOW, 1, Given.at(4)));
        BotState resumed = follow(further, LaneOrder.of(bot.apply(new BotEvent.Resumed(NOW)), 0));
        assertThat(resumed.position("orders")).isEqualTo(at(4));
        assertThat(resumed.run()).isNotNull();
        assertThat(lane(LaneOrder.of(bot, 1)).position("orders")).isEqualTo(at(2));
    }

    private static @Nullable Problem without(BotState bot, int lanes) {
        return LaneDecisions.obstacle(bot, Given.config(Given.WORKER, "orders").withLanes(lanes, "/customer"));
    }

    @Test
    void aTriggerIsLeftOutOnlyOfABotWhoseOneLaneKnowsOfNoOthers() {
        BotConfig both = Given.config(Given.WORKER, "orders", "returns");
        BotState plain = Given.state(new BotEvent.Registered(NOW, both));
        assertThat(without(plain, 1)).isNull();
        assertThat(without(plain, 4)).isNull();

        BotState closing = plain.apply(new BotEvent.Registered(NOW, both.withLanes(2, "/customer")));
        assertThat(Objects.requireNonNull(without(closing, 2)).status()).isEqualTo(409);
        BotState two = opened(closing, List.of(Given.at(1)));
        Problem refused = Objects.requireNonNull(without(two, 1));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.pointer()).isEqualTo("/triggers"));
        assertThat(LaneDecisions.obstacle(two, both.withLanes(5, "/customer"))).isNull();

        BotState one = opened(two.apply(new BotEvent.Registered(NOW, both)), List.of(Given.at(9), Given.at(5)));
        assertThat(Objects.requireNonNull(without(one, 1)).status()).isEqualTo(409);
        BotState even = started(one).apply(new BotEvent.Checkpointed(NOW, 1, Given.at(9)));
        assertThat(without(even, 1)).isNull();
    }

    @Test
    void aReplayReachesLanesAndEndsForThemWithItsEnd() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        bot = bot.apply(new BotEvent.ReplayPlanned(
                        NOW,
                        new Replaying.Plan(1, "orders", Position.BEGINNING, at(5), null, null, 5, 100),
                        NOW + 1_000))
                .apply(new BotEvent.ReplayBegun(NOW, 1, "price.replay.1"));

        BotState lane = lane(LaneOrder.of(bot, 0));
        assertThat(lane.sources()).containsExactly("orders", "price.replay.1");
        assertThat(lane.wakers()).containsExactly("orders", "price.replay.1");
        assertThat(bot.wakers()).isEmpty();

        BotState further =
                started(lane).apply(new BotEvent.Checkpointed(NOW, 1, Map.of("price.replay.1", Given.checkpoint(8))));
        bot = bot.apply(new BotEvent.ReplayEnded(NOW, 1, Replaying.Phase.DONE, null));
        BotState after = follow(further, LaneOrder.of(bot, 0));
        bot = bot.apply(new BotEvent.ReplayPlanned(
                        NOW,
                        new Replaying.Plan(17, "orders", Position.BEGINNING, at(5), null, null, 5, 100),
                        NOW + 1_000))
                .apply(new BotEvent.ReplayBegun(NOW, 17, "price.replay.1"));
        Checkpoint again = Objects.requireNonNull(
                follow(after, LaneOrder.of(bot, 0)).read().get("price.replay.1"));
        assertThat(again.checkpoint()).isEqualTo(at(8));
        assertThat(again.records()).as("counted anew").isZero();
        bot = bot.apply(new BotEvent.ReplayEnded(NOW, 17, Replaying.Phase.DONE, null));
        assertThat(follow(lane, LaneOrder.of(bot, 0)).sources()).containsExactly("orders");
    }

    @Test
    void aCancelledReplayEndsTheRunsOfLanes() {
        BotState bot = opened(bot(2), List.of(Given.at(1)))
                .apply(new BotEvent.ReplayPlanned(
                        NOW,
                        new Replaying.Plan(1, "orders", Position.BEGINNING, at(5), null, null, 5, 100),
                        NOW + 1_000))
                .apply(new BotEvent.ReplayBegun(NOW, 1, "price.replay.1"));
        BotState lane = started(lane(LaneOrder.of(bot, 0)));
        BotDecision decision = ReplayDecisions.cancel(bot, new BotCommand.CancelReplay(1, Deciding.NOBODY), NOW);
        bot = Given.apply(bot, ((BotDecision.Accept) decision).events());

        assertThat(follow(lane, LaneOrder.of(bot, 0)).run()).isNull();
    }

    @Test
    void aMoveIsNotedFromWhereTheLanesStood() {
        BotState bot = opened(bot(2), List.of(Given.at(1)));
        BotDecision decision = BotDecisions.reset(
                bot, new BotCommand.Reset("orders", Position.BEGINNING, null, null, at(7), Deciding.NOBODY), NOW);

        bot = Given.apply(bot, ((BotDecision.Accept) decision).events());

        assertThat(bot.moves().moves())
                .singleElement()
                .satisfies(move -> assertThat(move.from()).isEqualTo(at(7)));
    }
}
