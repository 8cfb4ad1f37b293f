package io.millrace.node.bot;

import static io.millrace.node.bot.Deciding.NOBODY;
import static io.millrace.node.bot.Deciding.accepted;
import static io.millrace.node.bot.Deciding.assertRefused;
import static io.millrace.node.bot.Deciding.events;
import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.bot.Replaying.Phase;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayDecisionsTest {
    static final Replaying.Plan PLAN =
            new Replaying.Plan(1, "orders", Position.of(Given.id(3)), Position.of(Given.id(9)), 100L, "ann", 6, 600);

    private final BotState running = Given.running().apply(new BotEvent.Checkpointed(NOW, 1, Given.at(10)));

    private static BotState plan(BotState state) {
        return accepted(state, ReplayDecisions.plan(state, new BotCommand.PlanReplay(PLAN, NOBODY), NOW));
    }

    private static BotDecision start(BotState state, long number, long now) {
        return ReplayDecisions.start(state, new BotCommand.StartReplay("price", number, NOBODY), now);
    }

    private static BotDecision cancel(BotState state, long number) {
        return ReplayDecisions.cancel(state, new BotCommand.CancelReplay(number, NOBODY), NOW);
    }

    private static BotState begun(BotState state) {
        BotState planned = plan(state);
        return accepted(planned, start(planned, planned.replaying().last(), NOW));
    }

    @Test
    void shouldReadTheReplayBesideItsOwnQueuesWhileItIsUnderWay() {
        assertThat(plan(running).sources()).containsExactly("orders");
        BotState begun = begun(running);
        assertThat(begun.sources()).containsExactly("orders", "price.replay.1");
        assertThat(begun.wakers()).containsExactly("orders", "price.replay.1");
        assertThat(begun.ownSources()).containsExactly("orders");
        assertThat(begun.run()).as("the run goes on").isNotNull();
        assertThat(begun.generation()).isEqualTo(running.generation());
        assertThat(begun.position("orders")).isEqualTo(running.position("orders"));

        BotState done = begun.apply(new BotEvent.ReplayEnded(NOW, 1, Phase.DONE, null));
        assertThat(done.sources()).containsExactly("orders");
    }

    @Test
    void shouldStartAPlanOnceAndInTimeAndOnlyOneAtATime() {
        BotState planned = plan(plan(running));
        assertRefused(start(planned, 1, NOW + ReplayDecisions.PLAN_LASTS), ProblemType.CONFLICT);
        assertRefused(start(planned, 7, NOW), ProblemType.NOT_FOUND);
        assertRefused(start(planned.apply(new BotEvent.Archived(NOW)), 1, NOW), ProblemType.BOT_ARCHIVED);

        BotState begun = accepted(planned, start(planned, 1, NOW));
        assertRefused(start(begun, 1, NOW), ProblemType.CONFLICT);
        assertRefused(start(begun, 2, NOW), ProblemType.CONFLICT);
        BotState ended = begun.apply(new BotEvent.ReplayEnded(NOW, 1, Phase.DONE, null));
        assertThat(events(start(ended, 2, NOW))).hasSize(1);
    }

    @Test
    void shouldEndTheRunWhenAReplayUnderWayIsCancelled() {
        BotState begun = begun(running);

        assertThat(events(cancel(begun, 1))).hasSize(2).first().isInstanceOf(BotEvent.RunEnded.class);
        BotState cancelled = accepted(begun, cancel(begun, 1));
        assertThat(cancelled.sources()).containsExactly("orders");
        assertThat(events(cancel(cancelled, 1))).as("it has ended already").isEmpty();
        assertThat(events(cancel(plan(running), 1))).as("no run reads a plan").hasSize(1);
        assertRefused(start(accepted(plan(running), cancel(plan(running), 1)), 1, NOW), ProblemType.CONFLICT);
    }

    @Test
    void shouldBeDoneWhenTheLastCopyIsHandledAndNotBefore() {
        BotState begun = begun(running).apply(new BotEvent.ReplayStepped(1, 1, Given.id(9), 6));
        assertThat(ReplayDecisions.done(begun, active(begun), NOW)).isNull();
        BotState copied = begun.apply(new BotEvent.ReplayCopied(1, Given.id(106)));
        assertThat(ReplayDecisions.done(copied, active(copied), NOW)).isNull();

        BotState most = handled(copied, 105, 5);
        assertThat(ReplayDecisions.done(most, active(most), NOW)).isNull();
        assertThat(ReplayDecisions.handled(most, active(most))).isEqualTo(5);

        BotState all = handled(copied, 106, 6);
        assertThat(ReplayDecisions.done(all, active(all), NOW)).isNotNull();
        assertThat(ReplayDecisions.handled(all, active(all))).isEqualTo(6);
    }

    @Test
    void shouldCountWhatIsHandledOfThisReplayOnly() {
        BotState before = handled(running, 50, 40);
        BotState begun = begun(before).apply(new BotEvent.ReplayStepped(1, 1, Given.id(9), 6));

        assertThat(ReplayDecisions.handled(begun, active(begun))).isZero();
        assertThat(ReplayDecisions.handled(handled(begun, 102, 42), active(begun)))
                .isEqualTo(2);
    }

    @Test
    void shouldBeDoneAtOnceWhereThereIsNothing() {
        BotState copied = begun(running).apply(new BotEvent.ReplayCopied(1, null));

        assertThat(ReplayDecisions.done(copied, active(copied), NOW)).isNotNull();
    }

    @Test
    void shouldGoOnWhereAStepEnded() {
        BotState begun = begun(running);
        assertThat(active(begun).next()).isEqualTo(PLAN.after());
        BotState first = begun.apply(new BotEvent.ReplayStepped(1, 1, Given.id(5), 2));
        assertThat(active(first).from()).isEqualTo(PLAN.after());
        assertThat(active(first).next()).isEqualTo(Position.of(Given.id(5)));
        assertThat(active(first).copied()).isZero();
        BotState second = first.apply(new BotEvent.ReplayStepped(1, 2, Given.id(9), 4));
        assertThat(active(second).from()).isEqualTo(Position.of(Given.id(5)));
        assertThat(active(second).copied()).isEqualTo(2);
    }

    @Test
    void shouldRememberTheLastOnesAndAlwaysTheOneUnderWay() {
        BotState state = begun(running);
        for (int i = 0; i < 2 * Replaying.MAX; i++) {
            state = plan(state);
        }

        assertThat(state.replaying().all()).hasSize(Replaying.MAX);
        assertThat(active(state).plan().number()).isEqualTo(1);
        assertThat(state.replaying().last()).isEqualTo(2L * Replaying.MAX + 1);
    }

    private static Replaying.Range active(BotState state) {
        return java.util.Objects.requireNonNull(state.replaying().active());
    }

    private static BotState handled(BotState state, long id, long records) {
        return state.apply(new BotEvent.Checkpointed(
                NOW, 1, Map.of("price.replay.1", new Checkpoint(Position.of(Given.id(id)), records, null, NOW, NOW))));
    }
}
