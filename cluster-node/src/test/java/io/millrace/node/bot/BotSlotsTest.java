package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BotSlotsTest {
    private static final Instant REGISTERED = Instant.parse("2026-11-22T08:30:00Z");
    private static final Instant NINE = Instant.parse("2026-11-23T08:00:00Z"); // in Berlin

    private final BotSlots slots = new BotSlots();
    private BotState state = Given.state(registered("0 9 * * MON-FRI", REGISTERED));

    private static BotEvent.Registered registered(String cron, Instant at) {
        return new BotEvent.Registered(at.toEpochMilli(), Given.scheduled(cron));
    }

    private void take(Instant slot) {
        state = state.apply(RunDecisions.start(state, "r", "n", null, slot.toEpochMilli(), RunCause.slot(slot)))
                .apply(new BotEvent.RunEnded(slot.toEpochMilli(), state.epoch() + 1, BotEvent.How.OK, null, 0));
    }

    private Instant due(Instant now) {
        return slots.due("b", state, now);
    }

    @Test
    void aSlotIsDueFromItsTimeOnUntilItIsTaken() {
        assertThat(due(NINE.minusMillis(1))).isNull();
        assertThat(due(NINE)).isEqualTo(NINE);
        assertThat(due(NINE.plusSeconds(3_600))).isEqualTo(NINE);

        take(NINE);

        assertThat(due(NINE.plusSeconds(3_600))).isNull();
        assertThat(due(NINE)).isNull();
        assertThat(state.past().get(0).run().reason()).isEqualTo(RunReason.SCHEDULE);
        assertThat(state.past().get(0).run().slotTime()).isEqualTo(NINE);
    }

    @Test
    void allThatWereMissedAreOneTheLast() {
        Instant aWeekLater = NINE.plus(Duration.ofDays(7));
        assertThat(due(aWeekLater.plusSeconds(5))).isEqualTo(aWeekLater);

        take(aWeekLater);

        assertThat(due(aWeekLater.plusSeconds(5))).isNull();
    }

    @Test
    void aClockThatIsSetBackMakesNoSlotComeAgain() {
        take(NINE);

        assertThat(due(NINE.minusSeconds(60))).isNull();
        assertThat(due(NINE)).isNull();
        assertThat(due(NINE.plus(Duration.ofDays(1)))).isEqualTo(NINE.plus(Duration.ofDays(1)));
    }

    @Test
    void whilePausedNoneIsDueAndThenOne() {
        state = state.apply(new BotEvent.Paused(1, null));
        assertThat(due(NINE)).isNull();
        assertThat(slots.next("b", state)).isNull();

        state = state.apply(new BotEvent.Resumed(2));
        assertThat(due(NINE.plus(Duration.ofDays(1)))).isEqualTo(NINE.plus(Duration.ofDays(1)));
    }

    @Test
    void whatLiesBeforeAScheduleIsNoSlotOfIt() {
        Instant later = NINE.plusSeconds(7_200);
        state = state.apply(registered("0 8 * * *", later));
        assertThat(due(later)).isNull();
        assertThat(slots.next("b", state)).isEqualTo(Instant.parse("2026-11-24T07:00:00Z"));
    }

    @Test
    void whoIsRegisteredAnewWithTheSameScheduleLosesNoSlot() {
        state = state.apply(registered("0 9 * * MON-FRI", NINE.plusSeconds(1)));
        assertThat(due(NINE.plusSeconds(2))).isEqualTo(NINE);
    }

    @Test
    void whoWasArchivedBeginsAnew() {
        state = state.apply(new BotEvent.Archived(1));
        assertThat(slots.next("b", state)).isNull();

        state = state.apply(registered("0 9 * * MON-FRI", NINE.plusSeconds(1)));
        assertThat(due(NINE.plusSeconds(2))).isNull();
    }

    @Test
    void aZoneThatIsGoneStopsTheScheduleOnly() {
        BotConfig config = Given.scheduled("0 9 * * *");
        BotConfig gone = new BotConfig(
                null,
                null,
                null,
                config.triggers(),
                "0 9 * * *",
                "Mars/Olympus",
                config.handler(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        state = Given.state(new BotEvent.Registered(REGISTERED.toEpochMilli(), gone));

        assertThat(due(NINE.plus(Duration.ofDays(9)))).isNull();
        assertThat(BotSlots.nextFive("b", state, NINE)).isEmpty();
    }

    @Test
    void withoutTriggersItsRunsReadWhatItNames() {
        BotConfig config = Given.scheduled("0 9 * * *");
        BotConfig pulling = new BotConfig(
                null,
                null,
                null,
                null,
                "0 9 * * *",
                null,
                config.handler(),
                List.of("orders"),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        assertThat(Given.state(new BotEvent.Registered(1, pulling)).sources()).containsExactly("orders");
        assertThat(Given.registered().sources()).containsExactly("orders");
        assertThat(state.sources()).isEmpty();
    }
}
