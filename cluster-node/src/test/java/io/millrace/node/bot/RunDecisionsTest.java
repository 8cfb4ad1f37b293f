package io.millrace.node.bot;

import static io.millrace.node.bot.Deciding.NOBODY;
import static io.millrace.node.bot.Deciding.accepted;
import static io.millrace.node.bot.Deciding.assertRefused;
import static io.millrace.node.bot.Deciding.events;
import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDecisionsTest {
    private static final long DEADLINE = NOW + 900_000;

    @Test
    void theEpochGrowsByOneWithEachRun() {
        BotState state = Given.registered();
        for (int epoch = 1; epoch <= 5; epoch++) {
            BotEvent.RunStarted started = RunDecisions.start(state, "run-" + epoch, "node", null, NOW, RunCause.EVENTS);
            assertThat(started.epoch()).isEqualTo(epoch);
            state = state.apply(started);
            state = state.apply(RunDecisions.lose(state, java.util.Objects.requireNonNull(state.run()), NOW));
        }
    }

    @Test
    void aRunReadsForFourFifthsOfAQuarterOfAnHour() {
        BotEvent.RunStarted started = RunDecisions.start(Given.registered(), "run", "node", null, NOW, RunCause.EVENTS);

        assertThat(started.readUntil() - NOW).isEqualTo(720_000);
        assertThat(started.deadline()).isEqualTo(DEADLINE);
    }

    @Test
    void theRegistrationCanSetBothTimes() {
        BotState state = Given.state(
                new BotEvent.Registered(NOW, Given.config(Given.WORKER, Duration.ofSeconds(10), 0.25, "orders")));

        BotEvent.RunStarted started = RunDecisions.start(state, "run", "node", null, NOW, RunCause.EVENTS);

        assertThat(started.readUntil() - NOW).isEqualTo(2_500);
        assertThat(started.deadline() - NOW).isEqualTo(10_000);
    }

    @ParameterizedTest(name = "epoch {0}, run {1}, {2} ms from the deadline")
    @CsvSource({"0, run-1, -1", "2, run-1, -1", "1, run-2, -1", "1, run-1, 0", "1, run-1, 5000"})
    void whoHasNoLeaseIsStale(long epoch, String run, long fromDeadline) {
        BotState state = Given.running();
        long now = DEADLINE + fromDeadline;

        assertRefused(
                RunDecisions.heartbeat(state, new BotCommand.Heartbeat(epoch, run, NOBODY), now),
                ProblemType.STALE_RUN);
        assertRefused(
                RunDecisions.checkpoint(state, new BotCommand.MoveCheckpoints(epoch, run, Given.at(1), NOBODY), now),
                ProblemType.STALE_RUN);
        assertRefused(
                RunDecisions.complete(state, new BotCommand.Complete(epoch, run, null, Map.of(), 0, NOBODY), now),
                ProblemType.STALE_RUN);
    }

    @Test
    void theLeaseStandsUntilItsLastMillisecond() {
        assertThat(events(checkpoint(Given.running(), Given.at(1), DEADLINE - 1)))
                .hasSize(1);
        assertThat(events(complete(Given.running(), null, DEADLINE - 1))).hasSize(1);
    }

    @Test
    void nobodyHasALeaseWhenNoRunIsUnderWay() {
        assertRefused(
                RunDecisions.heartbeat(Given.registered(), new BotCommand.Heartbeat(0, "run-1", NOBODY), NOW),
                ProblemType.STALE_RUN);
    }

    @Test
    void aHeartbeatTellsWhenToStop() {
        BotState state = Given.running();
        assertThat(heartbeat(state, NOW + 719_999)).isEqualTo(new BotReply.Alive(false, DEADLINE));
        assertThat(heartbeat(state, NOW + 720_000)).isEqualTo(new BotReply.Alive(true, DEADLINE));
        assertThat(heartbeat(state.apply(new BotEvent.Paused(NOW, null)), NOW))
                .isEqualTo(new BotReply.Alive(true, DEADLINE));
    }

    private static BotReply heartbeat(BotState state, long now) {
        return Deciding.reply(state, RunDecisions.heartbeat(state, new BotCommand.Heartbeat(1, "run-1", NOBODY), now));
    }

    @Test
    void checkpointsNeverMoveBackwards() {
        BotState state = accepted(Given.running(), checkpoint(Given.running(), Given.at(5), NOW));

        assertRefused(checkpoint(state, Given.at(4), NOW), ProblemType.CHECKPOINT_BACKWARDS);
        assertRefused(
                checkpoint(state, Map.of("orders", new Checkpoint(Position.BEGINNING, 0, null, null, null)), NOW),
                ProblemType.CHECKPOINT_BACKWARDS);
        assertRefused(
                RunDecisions.complete(state, new BotCommand.Complete(1, "run-1", null, Given.at(4), 0, NOBODY), NOW),
                ProblemType.CHECKPOINT_BACKWARDS);
        assertThat(events(checkpoint(state, Given.at(5), NOW))).hasSize(1);
        assertThat(events(checkpoint(state, Given.at(6), NOW))).hasSize(1);
    }

    @Test
    void oneQueueThatGoesBackwardsRefusesAll() {
        BotState state = accepted(Given.running(), checkpoint(Given.running(), Given.at(5), NOW));

        assertRefused(
                checkpoint(state, Map.of("orders", Given.checkpoint(4), "returns", Given.checkpoint(9)), NOW),
                ProblemType.CHECKPOINT_BACKWARDS);
    }

    @Test
    void aBotHasCheckpointsOfSoManyQueuesOnly() {
        Map<String, Checkpoint> many = new HashMap<>();
        for (int i = 0; i < BotState.MAX_QUEUES; i++) {
            many.put("queue" + i, Given.checkpoint(1));
        }
        BotState full = accepted(Given.running(), checkpoint(Given.running(), many, NOW));

        assertRefused(checkpoint(full, Given.at(1), NOW), ProblemType.CONFLICT);
        assertThat(events(checkpoint(full, Map.of("queue3", Given.checkpoint(2)), NOW)))
                .hasSize(1);
    }

    @Test
    void aRunThatCompletesLeavesItsLastCheckpoints() {
        BotState after = accepted(
                Given.running(),
                RunDecisions.complete(
                        Given.running(), new BotCommand.Complete(1, "run-1", null, Given.at(8), 0, NOBODY), NOW));

        assertThat(after.run()).isNull();
        assertThat(after.position("orders")).isEqualTo(Position.of(Given.id(8)));
        assertThat(after.past().get(0).run().records()).isEqualTo(8);
    }

    @Test
    void anErrorKeepsAtMostSoMuchOfItsText() {
        BotState after = accepted(Given.running(), complete(Given.running(), "x".repeat(5_000), NOW));

        assertThat(after.lastError()).hasSize(2_000);
    }

    @Test
    void errorsInARowMakeThePauseGrowUntilTheBotIsRogue() {
        BotState state = Given.registered();
        for (int errors = 1; errors <= 12; errors++) {
            BotState started = state.apply(RunDecisions.start(state, "run", "node", null, NOW, RunCause.EVENTS));
            state = accepted(
                    started,
                    RunDecisions.complete(
                            started, new BotCommand.Complete(errors, "run", "boom", Map.of(), 0, NOBODY), NOW));

            assertThat(state.backoffUntil() - NOW)
                    .as("after %s errors", errors)
                    .isEqualTo(Backoff.afterErrors(errors, "run"));
            assertThat(state.isRogue()).isEqualTo(errors > 10);
        }
        assertThat(state.errorCount()).isEqualTo(12);
        assertThat(state.failed()).isEqualTo(12);
        BotState healed = state.apply(RunDecisions.start(state, "run", "node", null, NOW, RunCause.EVENTS));
        healed = accepted(
                healed,
                RunDecisions.complete(healed, new BotCommand.Complete(13, "run", null, Map.of(), 0, NOBODY), NOW));
        assertThat(healed.errorCount()).isZero();
        assertThat(healed.isRogue()).isFalse();
        assertThat(healed.mayRun(NOW)).isTrue();
    }

    @Test
    void whoseHandlerWantsToBeLeftInPeaceRestsAsLongUnlessItRestsLongerAnyway() {
        BotState running = Given.running();
        for (long wait : new long[] {10, 3_600_000}) {
            BotState after = accepted(
                    running,
                    RunDecisions.complete(
                            running, new BotCommand.Complete(1, "run-1", "busy", Map.of(), wait, NOBODY), NOW));

            assertThat(after.backoffUntil() - NOW).isEqualTo(Math.max(wait, Backoff.afterErrors(1, "run-1")));
        }
    }

    @Test
    void aRunThatOverstaysIsAnErrorAndALostOneIsNot() {
        BotState running = Given.running();
        BotState.Run run = java.util.Objects.requireNonNull(running.run());

        assertThat(running.apply(RunDecisions.expire(running, run, DEADLINE)).errorCount())
                .isEqualTo(1);
        BotState lost = running.apply(RunDecisions.lose(running, run, NOW));
        assertThat(lost.errorCount()).isZero();
        assertThat(lost.mayRun(NOW)).isTrue();
    }

    @Test
    void lossesInARowWithoutProgressWaitLongerAndLongerButAtMostAMinute() {
        BotState state = Given.registered();
        List<Long> rests = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            state = state.apply(RunDecisions.start(state, "run", "node", "worker", NOW, RunCause.EVENTS));
            BotEvent.RunEnded lost = RunDecisions.lose(state, java.util.Objects.requireNonNull(state.run()), NOW);
            rests.add(lost.backoffUntil() == 0 ? 0 : lost.backoffUntil() - NOW);
            state = state.apply(lost);
        }
        assertThat(rests).containsExactly(0L, 1_000L, 2_250L, 5_062L, 11_390L, 25_628L, 57_665L, 57_665L, 57_665L);
        assertThat(state.errorCount()).isZero();
    }

    @Test
    void aLossAfterProgressOrAfterARunThatEndedIsReplacedAtOnce() {
        BotState lostTwice = lose(lose(Given.registered()));
        assertThat(lostTwice.mayRun(NOW)).isFalse();

        BotState further = run(lostTwice).apply(new BotEvent.Checkpointed(NOW, 3, Given.at(5)));
        assertThat(lose(further).mayRun(NOW)).isTrue();
        BotState killed = run(lostTwice).apply(new BotEvent.RunEnded(NOW, 3, BotEvent.How.KILLED, null, 0));
        assertThat(lose(run(killed)).mayRun(NOW)).isTrue();
    }

    private static BotState run(BotState state) {
        return state.apply(RunDecisions.start(state, "run", "node", "worker", NOW, RunCause.EVENTS));
    }

    private static BotState lose(BotState state) {
        BotState running = state.run() == null ? run(state) : state;
        return running.apply(RunDecisions.lose(running, java.util.Objects.requireNonNull(running.run()), NOW));
    }

    private static BotDecision checkpoint(BotState state, Map<String, Checkpoint> read, long now) {
        return RunDecisions.checkpoint(state, new BotCommand.MoveCheckpoints(1, "run-1", read, NOBODY), now);
    }

    private static BotDecision complete(BotState state, @org.jspecify.annotations.Nullable String error, long now) {
        return RunDecisions.complete(state, new BotCommand.Complete(1, "run-1", error, Map.of(), 0, NOBODY), now);
    }
}
