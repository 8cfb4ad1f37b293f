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
import io.millrace.protocol.http.BotConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BotDecisionsTest {
    private static final BotConfig CONFIG = Given.config(Given.WORKER, "orders");
    private static final BotConfig OTHER = Given.config(Given.WORKER, "orders", "returns");

    @Test
    void theFirstRegistrationCreatesAndTheSameAgainChangesNothing() {
        BotDecision first = BotDecisions.register(BotState.EMPTY, CONFIG, null, NOW);
        BotState state = accepted(BotState.EMPTY, first);
        assertThat(Deciding.reply(BotState.EMPTY, first)).isEqualTo(new BotReply.Info(state, true));

        BotDecision again = BotDecisions.register(state, CONFIG, null, NOW + 1);
        assertThat(events(again)).isEmpty();
        assertThat(Deciding.reply(state, again)).isEqualTo(new BotReply.Info(state, false));
    }

    @Test
    void anotherRegistrationEndsTheRunFirst() {
        BotDecision decision = BotDecisions.register(Given.running(), OTHER, null, NOW + 1);

        assertThat(events(decision))
                .containsExactly(
                        new BotEvent.RunEnded(NOW + 1, 1, BotEvent.How.SUPERSEDED, null, 0),
                        new BotEvent.Registered(NOW + 1, OTHER));
    }

    @Test
    void theSameRegistrationLetsTheRunGoOn() {
        assertThat(events(BotDecisions.register(Given.running(), CONFIG, null, NOW + 1)))
                .isEmpty();
    }

    @Test
    void aSecretThatComesBackHiddenIsKept() {
        BotConfig config = Given.config(Given.WEBHOOK, "orders");
        BotState state = Given.state(new BotEvent.Registered(NOW, config));
        BotConfig other = Given.config(Given.WEBHOOK.hidden(), "orders", "refunds");

        assertThat(events(BotDecisions.register(state, config.hidden(), null, NOW)))
                .as("nothing has changed")
                .isEmpty();
        assertThat(events(BotDecisions.register(state, other, null, NOW)))
                .containsExactly(new BotEvent.Registered(NOW, Given.config(Given.WEBHOOK, "orders", "refunds")));
        assertRefused(BotDecisions.register(BotState.EMPTY, other, null, NOW), ProblemType.UNPROCESSABLE);
        assertRefused(BotDecisions.register(Given.registered(), other, null, NOW), ProblemType.UNPROCESSABLE);
    }

    @Test
    void anEntityTagIsHonoured() {
        assertRefused(BotDecisions.register(BotState.EMPTY, CONFIG, "*", NOW), ProblemType.PRECONDITION_FAILED);
        assertRefused(BotDecisions.register(Given.registered(), OTHER, "\"2\"", NOW), ProblemType.PRECONDITION_FAILED);
        assertThat(events(BotDecisions.register(Given.registered(), OTHER, "\"1\"", NOW)))
                .hasSize(1);
    }

    @Test
    void anArchivedBotIsBroughtBackByItsOwnRegistration() {
        BotState archived = accepted(Given.running(), BotDecisions.archive(Given.running(), NOW));
        assertThat(archived.archived()).isTrue();
        assertThat(archived.run()).isNull();
        assertThat(events(BotDecisions.archive(archived, NOW))).isEmpty();

        BotState back = accepted(archived, BotDecisions.register(archived, CONFIG, null, NOW));
        assertThat(back.archived()).isFalse();
        assertThat(back.epoch()).isEqualTo(1);
    }

    @Test
    void whoDoesntExistIsNotFound() {
        BotState none = BotState.EMPTY;
        assertRefused(BotDecisions.describe(none), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.archive(none, NOW), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.pause(none, null, NOW), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.resume(none, NOW), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.kill(none, NOW), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.runNow(none), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.runs(none), ProblemType.NOT_FOUND);
        assertRefused(BotDecisions.reset(none, reset(0), NOW), ProblemType.NOT_FOUND);
    }

    @Test
    void aPauseLeavesTheRunItsTimeToFinish() {
        BotState paused = accepted(Given.running(), BotDecisions.pause(Given.running(), "lunch", NOW));

        assertThat(paused.paused()).isTrue();
        assertThat(paused.pauseReason()).isEqualTo("lunch");
        assertThat(paused.run()).isNotNull();
    }

    @Test
    void resumingEndsThePauseTheBackOffAndTheErrors() {
        BotState failed = Given.running()
                .apply(new BotEvent.RunEnded(NOW, 1, BotEvent.How.ERROR, "boom", NOW + 2_250))
                .apply(new BotEvent.Paused(NOW, "look"));

        BotState resumed = accepted(failed, BotDecisions.resume(failed, NOW));

        assertThat(resumed.paused()).isFalse();
        assertThat(resumed.pauseReason()).isNull();
        assertThat(resumed.errorCount()).isZero();
        assertThat(resumed.mayRun(NOW)).isTrue();
        assertThat(events(BotDecisions.resume(resumed, NOW))).isEmpty();
    }

    @Test
    void aKillEndsTheRunWithoutCountingAsAnError() {
        BotState killed = accepted(Given.running(), BotDecisions.kill(Given.running(), NOW));

        assertThat(killed.run()).isNull();
        assertThat(killed.past().get(0).how()).isEqualTo(BotEvent.How.KILLED);
        assertThat(killed.errorCount()).isZero();
        assertThat(killed.mayRun(NOW)).isTrue();
        assertThat(events(BotDecisions.kill(killed, NOW))).isEmpty();
    }

    @Test
    void aResetClosesTheEpochAndOpensAGeneration() {
        BotState running = Given.running().apply(new BotEvent.Checkpointed(NOW, 1, Given.at(50)));

        BotDecision decision = BotDecisions.reset(running, reset(3), NOW + 1);

        assertThat(events(decision)).hasSize(2).first().isInstanceOf(BotEvent.RunEnded.class);
        BotState after = accepted(running, decision);
        assertThat(after.run()).isNull();
        assertThat(after.generation()).isEqualTo(1);
        assertThat(after.position("orders")).isEqualTo(Position.of(Given.id(3)));
        assertRefused(
                RunDecisions.checkpoint(
                        after, new BotCommand.MoveCheckpoints(1, "run-1", Given.at(60), NOBODY), NOW + 2),
                ProblemType.STALE_RUN);
    }

    @Test
    void aResetOfOneQueueTooManyIsRefused() {
        Map<String, Checkpoint> many = new HashMap<>();
        for (int i = 0; i < BotState.MAX_QUEUES; i++) {
            many.put("queue" + i, Given.checkpoint(1));
        }
        BotState full = Given.running().apply(new BotEvent.Checkpointed(NOW, 1, many));

        assertRefused(BotDecisions.reset(full, reset(0), NOW), ProblemType.CONFLICT);
        assertThat(events(BotDecisions.reset(
                        full, new BotCommand.Reset("queue7", Position.BEGINNING, null, null, NOBODY), NOW)))
                .isNotEmpty();
    }

    @Test
    void aPausedOrArchivedBotIsNotRunByHand() {
        assertThat(events(BotDecisions.runNow(Given.registered()))).isEmpty();
        assertRefused(
                BotDecisions.runNow(Given.registered().apply(new BotEvent.Paused(NOW, null))), ProblemType.CONFLICT);
        assertRefused(
                BotDecisions.runNow(Given.registered().apply(new BotEvent.Archived(NOW))), ProblemType.BOT_ARCHIVED);
    }

    @Test
    void pastRunsAreToldNewestFirst() {
        BotState state = Given.apply(
                Given.registered(),
                java.util.List.of(
                        new BotEvent.RunStarted(NOW, "one", 1, "n", null, NOW, NOW, null, null),
                        new BotEvent.RunEnded(NOW, 1, BotEvent.How.OK, null, 0),
                        new BotEvent.RunStarted(NOW, "two", 2, "n", null, NOW, NOW, null, null),
                        new BotEvent.RunEnded(NOW, 2, BotEvent.How.OK, null, 0)));

        BotReply.Runs runs = (BotReply.Runs) Deciding.reply(state, BotDecisions.runs(state));

        assertThat(runs.past()).extracting(past -> past.run().run()).containsExactly("two", "one");
    }

    private static BotCommand.Reset reset(long n) {
        return new BotCommand.Reset("orders", Position.of(Given.id(n)), "again", "ann", NOBODY);
    }
}
