package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static io.millrace.node.bot.Given.RAMP;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.pace.Ramp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bots that were resumed with a rate. */
class EasingTest {
    private final BotState slow = resume(Given.registered(), RAMP, NOW);

    private static BotState resume(BotState state, @org.jspecify.annotations.Nullable Ramp rate, long now) {
        return BotDecisions.resume(state, rate, now) instanceof BotDecision.Accept accept
                ? Given.apply(state, accept.events())
                : state;
    }

    @Test
    void itsRunsReadAtMostWhatIsLeftOfTheRamp() {
        assertThat(slow.rate(NOW)).isEqualTo(RAMP);
        assertThat(slow.rate(NOW + 50_000)).isEqualTo(new Ramp(60L, 110L, Duration.ofSeconds(50)));
        assertThat(slow.rate(NOW + 100_000)).isNull();
        assertThat(slow.rate(NOW - 100_000)).as("the clock was set back").isEqualTo(RAMP);
    }

    @Test
    void anotherResumeReplacesOrEndsIt() {
        Ramp other = new Ramp(1L, 2L, Duration.ofHours(1));

        assertThat(resume(slow, other, NOW + 1).rate(NOW + 1)).isEqualTo(other);
        assertThat(resume(slow, null, NOW + 1).easing()).isNull();
        assertThat(resume(Given.registered(), null, NOW)).isEqualTo(Given.registered());
    }

    @Test
    void aPauseInBetweenChangesNothingAndWhatIsOverIsForgottenWithTheNextRun() {
        BotState paused = slow.apply(new BotEvent.Paused(NOW + 5, null));
        assertThat(paused.rate(NOW + 50_000)).isNotNull();

        BotState soon = slow.apply(RunDecisions.start(slow, "run-1", "node", null, NOW + 9, RunCause.EVENTS));
        BotState late = slow.apply(RunDecisions.start(slow, "run-1", "node", null, NOW + 100_000, RunCause.EVENTS));
        assertThat(soon.easing()).isNotNull();
        assertThat(late.easing()).isNull();
    }

    @Test
    void itIsShownAndExplainedWhileItLasts() {
        assertThat(info(NOW + 1).rate())
                .isEqualTo(new BotInfo.Rate(
                        10,
                        110,
                        Instant.ofEpochMilli(NOW),
                        Instant.ofEpochMilli(NOW).plusSeconds(100)));
        assertThat(info(NOW + 100_000).rate()).isNull();

        assertThat(explain(NOW + 50_000))
                .anySatisfy(evidence -> assertThat(evidence)
                        .isEqualTo("it reads at most 60 events a second now, more with every second, and as it can from"
                                + " 2023-11-14T22:15:00Z on: it was resumed so"));
        assertThat(explain(NOW + 100_000)).noneMatch(evidence -> evidence.contains("a second"));
    }

    private BotInfo info(long now) {
        return BotView.info("price", slow, Map.of(), Map.of(), now);
    }

    private List<String> explain(long now) {
        BotReply.Plight plight = new BotReply.Plight(slow, "node", 0, false, List.of(), Map.of(), now);
        return BotExplanation.of(
                        new BotSight(List.of(), true, plight, "", false, Map.of(), null, Instant.ofEpochMilli(now)))
                .checks()
                .stream()
                .map(check -> check.evidence())
                .toList();
    }
}
