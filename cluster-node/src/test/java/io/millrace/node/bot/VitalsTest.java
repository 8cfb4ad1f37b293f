package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VitalsTest {
    @Test
    void aLagOfMoreThanTwoAndAHalfMinutesIsWarnedOf() {
        BotRow row = row(Given.registered(), new BotFacts.Waiting(3, NOW));

        assertThat(row.at(NOW + 150_000).state()).isEqualTo("nominal");
        assertThat(row.at(NOW + 150_001).state()).isEqualTo("warning");
        assertThat(row.at(NOW + 150_001).lag().get("orders")).isEqualTo(new BotInfo.Lag(3, 150.001));
        assertThat(row.at(NOW - 7).lag().get("orders")).isEqualTo(new BotInfo.Lag(3, 0));
    }

    @Test
    void thereIsNoLagAtTheTailHoweverLongAgoItWasReached() {
        BotInfo later = row(Given.registered(), new BotFacts.Waiting(0, null)).at(NOW + 86_400_000);

        assertThat(later.state()).isEqualTo("nominal");
        assertThat(later.lag().get("orders")).isEqualTo(new BotInfo.Lag(0, 0, Duration.ZERO));
    }

    @Test
    void whoeverHasNotWrittenForLongerThanItMayIsWarnedOf() {
        BotState state = writes(Duration.ofSeconds(60));
        Map<String, Checkpoint> written =
                Map.of("priced", new Checkpoint(Position.BEGINNING, 7, NOW, NOW, NOW + 5_000));
        BotRow row = BotRow.of("price", state, new BotFacts(Map.of(), written, true), Trend.NONE, NOW);

        assertThat(row.at(NOW + 65_000).state()).isEqualTo("nominal");
        assertThat(row.at(NOW + 65_001).state()).isEqualTo("warning");
        assertThat(row.at(NOW + 65_001).writeLag()).containsEntry("priced", new BotInfo.WriteLag(60.001));
    }

    @Test
    void whoWasToWriteAndNeverDidIsLateSinceItsRegistration() {
        BotRow row = BotRow.of(
                "price", writes(Duration.ofSeconds(60)), new BotFacts(Map.of(), Map.of(), true), Trend.NONE, NOW);

        assertThat(row.at(NOW + 61_000).state()).isEqualTo("warning");
        assertThat(row.at(NOW + 61_000).writeLag()).containsEntry("priced", new BotInfo.WriteLag(61));
    }

    @Test
    void aWriteLagWithoutALimitIsNoReasonToWarn() {
        BotRow row = BotRow.of("price", writes(null), new BotFacts(Map.of(), Map.of(), true), Trend.NONE, NOW);

        assertThat(row.at(NOW + 86_400_000).state()).isEqualTo("nominal");
    }

    @Test
    void aBackOffEndsByTimeAlone() {
        BotState state = Given.running().apply(new BotEvent.RunEnded(NOW, 1, BotEvent.How.ERROR, "boom", NOW + 2_250));
        BotRow row = row(state, new BotFacts.Waiting(3, NOW));

        assertThat(row.at(NOW + 2_249).flags()).containsExactly("backing-off");
        assertThat(row.at(NOW + 2_249).backoffUntil()).isEqualTo(Instant.ofEpochMilli(NOW + 2_250));
        assertThat(row.at(NOW + 2_250).flags()).isEmpty();
        assertThat(row.at(NOW + 2_250).backoffUntil()).isNull();
        assertThat(row.at(NOW + 2_250).state()).isEqualTo("error");
    }

    @Test
    void errorsAndRoguesAreWorseThanBeingLate() {
        assertThat(Vitals.state(0, null, Map.of("a", new BotInfo.Lag(1, 151)), Map.of()))
                .isEqualTo("warning");
        assertThat(Vitals.state(1, null, Map.of("a", new BotInfo.Lag(1, 151)), Map.of()))
                .isEqualTo("error");
        assertThat(Vitals.state(10, null, Map.of(), Map.of())).isEqualTo("error");
        assertThat(Vitals.state(11, null, Map.of(), Map.of())).isEqualTo("rogue");
    }

    @Test
    void aRowComesBackFromItsTextWithoutSettingsAndSlots() {
        HandlerSpec handler = new HandlerSpec.Java(
                "io.example.Price", Json.mapper().createObjectNode().put("password", "x"));
        BotState state = Given.state(new BotEvent.Registered(NOW, Given.config(handler, "orders")));
        Trend trend = Trend.NONE
                .counted(Tally.NONE.plus(NOW, 3, 0, 1, 0), NOW)
                .looked(new BotFacts(Map.of("orders", new BotFacts.Waiting(3, NOW)), Map.of(), true), 0, NOW);
        BotRow row = BotRow.of(
                "price",
                state,
                new BotFacts(Map.of("orders", new BotFacts.Waiting(3, NOW)), Map.of(), true),
                trend,
                NOW);

        String text = row.toText();

        assertThat(text).doesNotContain("password").doesNotContain("nextRuns");
        BotInfo info = BotRow.parse(text).orElseThrow().at(NOW + 1_000);
        assertThat(info.bot()).isEqualTo("price");
        assertThat(info.config().triggers()).containsExactly("orders");
        assertThat(info.asOf()).isEqualTo(Instant.ofEpochMilli(NOW));
        assertThat(java.util.Objects.requireNonNull(info.rates()).minute()).isEqualTo(new BotInfo.Counts(3, 0, 1, 0));
        assertThat(BotRow.parse(text).orElseThrow().trend()).isEqualTo(trend);
    }

    @Test
    void whatNoNodeOfThisVersionWroteCountsAsMissing() {
        assertThat(BotRow.parse("{\"at\":{}}")).isEmpty();
        assertThat(BotRow.parse("nonsense")).isEmpty();
    }

    private static BotRow row(BotState state, BotFacts.Waiting waiting) {
        return BotRow.of("price", state, new BotFacts(Map.of("orders", waiting), Map.of(), true), Trend.NONE, NOW);
    }

    private static BotState writes(@Nullable Duration limit) {
        BotConfig config = new BotConfig(
                null,
                null,
                null,
                List.of(),
                null,
                null,
                Given.WORKER,
                null,
                List.of("priced"),
                null,
                null,
                null,
                null,
                null,
                limit == null ? null : new BotConfig.Lag(null, limit),
                null);
        return Given.state(new BotEvent.Registered(NOW, config));
    }
}
