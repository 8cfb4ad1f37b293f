package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotConfig.OnPoison;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.http.RunProtocol.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of events that fail. */
class PoisonDecisionsTest {
    private long now = NOW;
    private BotState state = BotState.EMPTY;

    private void given(@Nullable Integer attempts, @Nullable OnPoison onPoison) {
        BotConfig base = Given.config(Given.JAVA, "orders");
        BotConfig config = new BotConfig(
                null,
                null,
                null,
                base.triggers(),
                null,
                null,
                Given.JAVA,
                null,
                null,
                null,
                null,
                null,
                new BotConfig.Retry(attempts, Duration.ofSeconds(1)),
                onPoison,
                null,
                null);
        state = Given.state(new BotEvent.Registered(NOW, config));
    }

    private void runBegins() {
        now = Math.max(now + 1, state.backoffUntil());
        state = state.apply(RunDecisions.start(state, "run", "node", null, now, RunCause.EVENTS));
    }

    private Verdict judge(
            long event, @Nullable String error, boolean rejected, long handled, Map<String, Checkpoint> at) {
        BotCommand.Judge judge = new BotCommand.Judge(
                state.epoch(), "run", "orders", Given.id(event), error, rejected, handled, 0, at, Deciding.NOBODY);
        BotDecision.Accept accept = (BotDecision.Accept) PoisonDecisions.judge(state, judge, now);
        state = Given.apply(state, accept.events());
        return ((BotReply.Judged) accept.reply().apply(state)).verdict();
    }

    private Action fails(long event) {
        return judge(event, "boom", false, 0, Map.of()).action();
    }

    private Action tries(long event) {
        return judge(event, null, false, 0, Map.of()).action();
    }

    /** The run's node is gone. */
    private void lost() {
        state = state.apply(RunDecisions.lose(state, Objects.requireNonNull(state.run()), now));
    }

    private void ends(long at) {
        BotCommand.Complete complete = new BotCommand.Complete(
                state.epoch(), "run", null, at == 0 ? Map.of() : Given.at(at), 0, Deciding.NOBODY);
        state = Given.apply(state, ((BotDecision.Accept) RunDecisions.complete(state, complete, now)).events());
    }

    @Test
    void anEventIsTriedAsOftenAsAllowedAndThenDisposedOf() {
        given(3, null);
        runBegins();
        assertThat(fails(7)).isEqualTo(Action.RETRY);
        assertThat(state.run()).isNull();
        assertThat(state.backoffUntil()).isBetween(now + 500, now + 1_000);
        runBegins();
        assertThat(tries(7)).isEqualTo(Action.TRY);
        assertThat(fails(7)).isEqualTo(Action.RETRY);
        assertThat(state.backoffUntil()).isBetween(now + 1_000, now + 2_000);
        runBegins();
        assertThat(tries(7)).isEqualTo(Action.TRY);
        Verdict verdict = judge(7, "boom", false, 0, Map.of());
        assertThat(verdict.action()).isEqualTo(Action.DEAD_LETTER);
        assertThat(verdict.attempts()).isEqualTo(3);
        assertThat(verdict.firstFailedAt()).isBefore(verdict.lastFailedAt());
        assertThat(state.run()).isNotNull();

        ends(7);
        assertThat(state.poison().suspects()).isEmpty();
        assertThat(state.poison().deadLettered()).isEqualTo(1);
    }

    @Test
    void aVerdictStandsThoughTheNodeDiesBeforeItIsCarriedOut() {
        given(1, null);
        runBegins();
        assertThat(fails(7)).isEqualTo(Action.DEAD_LETTER);
        lost();
        runBegins();
        assertThat(tries(7)).isEqualTo(Action.DEAD_LETTER);
        state = state.apply(new BotEvent.Resumed(now));
        assertThat(tries(7)).isEqualTo(Action.DEAD_LETTER);
    }

    @Test
    void anEventThatTakesTheProcessWithItUsesItsAttemptsUpAndBacksOff() {
        given(3, OnPoison.SKIP);
        for (int attempt = 1; attempt <= 3; attempt++) {
            runBegins();
            Verdict verdict = judge(7, null, false, 0, Map.of());
            assertThat(verdict.action()).isEqualTo(Action.TRY);
            assertThat(verdict.attempts()).isEqualTo(attempt);
            lost();
            assertThat(state.backoffUntil()).isGreaterThanOrEqualTo(now + 500);
        }
        runBegins();
        Verdict verdict = judge(7, null, false, 0, Map.of());
        assertThat(verdict.action()).isEqualTo(Action.SKIP);
        assertThat(verdict.error()).contains("lost");
    }

    @Test
    void aRepeatedQuestionCountsOnce() {
        given(3, null);
        runBegins();
        judge(7, null, false, 0, Map.of());
        assertThat(judge(7, null, false, 0, Map.of()).attempts()).isEqualTo(1);
        assertThat(judge(7, "boom", false, 0, Map.of()).attempts()).isEqualTo(1);
    }

    @Test
    void whatIsRejectedIsDisposedOfAtOnceAndIsNoError() {
        given(3, null);
        runBegins();
        assertThat(judge(7, "no customer", true, 3, Given.at(6)).action()).isEqualTo(Action.DEAD_LETTER);
        assertThat(state.errorCount()).isZero();
    }

    @Test
    void stopPausesTheBotWithTheReasonAndResumingTriesAnew() {
        given(1, OnPoison.STOP);
        runBegins();
        assertThat(fails(7)).isEqualTo(Action.STOP);
        assertThat(state.run()).isNull();
        assertThat(state.paused()).isTrue();
        assertThat(state.pauseReason()).contains("orders").contains("boom");
        state = state.apply(new BotEvent.Resumed(now));
        runBegins();
        assertThat(tries(7)).isEqualTo(Action.TRY);
    }

    @Test
    void whereNothingSucceedsNoEventIsToBlameAndTheBotIsRogue() {
        given(3, null);
        int disposed = 0;
        for (long event = 1; event <= 4 && !state.isRogue(); event++) {
            Action action = Action.RETRY;
            while (action == Action.RETRY && !state.isRogue()) {
                runBegins();
                tries(event);
                action = fails(event);
            }
            if (action == Action.DEAD_LETTER) {
                disposed++;
                ends(event); // nothing but that was done
            }
        }
        assertThat(disposed).isEqualTo(3);
        assertThat(state.isRogue()).isTrue();
        assertThat(state.backoffUntil() - now).isBetween(Backoff.ROGUE_MILLIS, Backoff.ROGUE_MILLIS * 11 / 10);
        runBegins();
        tries(4);
        assertThat(fails(4)).isEqualTo(Action.RETRY);
    }

    @Test
    void poisonAmongGoodEventsMakesNoBotRogue() {
        given(3, null);
        for (long event = 1; event <= 30; event++) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                runBegins();
                tries(event * 10);
                long good = attempt == 1 ? 9 : 0;
                Action action = judge(event * 10, "boom", false, good, Map.of()).action();
                assertThat(action).isEqualTo(attempt == 3 ? Action.DEAD_LETTER : Action.RETRY);
            }
            ends(event * 10 + 5);
        }
        assertThat(state.poison().deadLettered()).isEqualTo(30);
        assertThat(state.isRogue()).isFalse();
    }

    @Test
    void aRunIsCarefulAfterTwoThatGotNowhere() {
        given(3, null);
        runBegins();
        lost();
        runBegins();
        assertThat(PoisonDecisions.caution(state).careful()).isFalse();
        lost();
        runBegins();
        assertThat(PoisonDecisions.caution(state).careful()).isTrue();
        assertThat(tries(1)).isEqualTo(Action.TRY);
        lost();
        runBegins();
        assertThat(PoisonDecisions.caution(state).careful()).isFalse();
        assertThat(PoisonDecisions.caution(state).suspects()).containsKey("orders");
    }

    @Test
    void anotherPositionAcquitsTheSuspect() {
        given(3, null);
        runBegins();
        fails(7);
        state = state.apply(new BotEvent.CheckpointSet(now, "orders", Given.checkpoint(2), null));
        assertThat(state.poison().suspects()).isEmpty();
    }
}
