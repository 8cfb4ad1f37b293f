package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrendTest {
    @Test
    void whatIsWrittenCountsFromTheFirstLookOn() {
        Trend trend = Trend.NONE
                .looked(facts(0, 1_000_000), 0, NOW)
                .looked(facts(0, 1_000_040), 0, NOW + 5_000)
                .looked(facts(0, 1_000_041), 0, NOW + 10_000);

        assertThat(trend.tally().rates(NOW + 10_000).minute().written()).isEqualTo(41);
    }

    @Test
    void ofABotThatIsNewAllCounts() {
        assertThat(Trend.NONE
                        .looked(facts(0, 40), NOW - 2_000, NOW)
                        .tally()
                        .rates(NOW)
                        .minute()
                        .written())
                .isEqualTo(40);
        assertThat(Trend.NONE
                        .looked(facts(0, 40), NOW - 60_001, NOW)
                        .tally()
                        .rates(NOW)
                        .minute()
                        .written())
                .isZero();
    }

    @Test
    void aQueueThatIsNewCountsWholeAndOneThatWasPurgedNotAtAll() {
        Trend trend = Trend.NONE
                .looked(new BotFacts(Map.of(), Map.of(), true), 0, NOW)
                .looked(facts(0, 30), 0, NOW + 5_000)
                .looked(facts(0, 2), 0, NOW + 10_000);

        assertThat(trend.tally().rates(NOW + 10_000).minute().written()).isEqualTo(30);
    }

    @Test
    void aQueueThatGaveNoAnswerIsNotTakenForNew() {
        Trend trend = Trend.NONE
                .looked(facts(0, 500), 0, NOW)
                .looked(new BotFacts(Map.of(), Map.of(), false), 0, NOW + 5_000)
                .looked(facts(0, 501), 0, NOW + 10_000);

        assertThat(trend.tally().rates(NOW + 10_000).minute().written()).isEqualTo(1);
    }

    @Test
    void catchingUpIsReckonedFromHowTheBacklogShrank() {
        Trend trend = Trend.NONE.looked(facts(1_000, 0), 0, NOW);

        assertThat(trend.catchUp("orders", 800, NOW + 20_000)).isEqualTo(Duration.ofSeconds(80));
        assertThat(trend.catchUp("orders", 0, NOW + 20_000)).isEqualTo(Duration.ZERO);
    }

    @Test
    void whatDoesNotShrinkIsNeverCaughtUpWith() {
        Trend trend = Trend.NONE.looked(facts(1_000, 0), 0, NOW);

        assertThat(trend.catchUp("orders", 1_000, NOW + 20_000)).isNull();
        assertThat(trend.catchUp("orders", 1_001, NOW + 20_000)).isNull();
        assertThat(Trend.NONE.looked(facts(0, 0), 0, NOW).catchUp("orders", 5, NOW + 20_000))
                .isNull();
    }

    @Test
    void anEstimateNeedsTenSecondsAndIsNotOfLongAgo() {
        Trend trend = Trend.NONE.looked(facts(1_000, 0), 0, NOW);

        assertThat(trend.catchUp("orders", 500, NOW + 9_999)).isNull();
        assertThat(trend.catchUp("orders", 500, NOW + 10_000)).isEqualTo(Duration.ofSeconds(10));
        assertThat(trend.catchUp("orders", 500, NOW + 60_001)).isNull();
    }

    @Test
    void theYoungestOfTheLooksThatAreOldEnoughCounts() {
        Trend trend = Trend.NONE
                .looked(facts(0, 0), 0, NOW)
                .looked(facts(1_000, 0), 0, NOW + 5_000)
                .looked(facts(900, 0), 0, NOW + 10_000);

        assertThat(trend.catchUp("orders", 800, NOW + 15_000)).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void looksAreFewHoweverOftenItIsLooked() {
        Trend trend = Trend.NONE;
        for (int i = 0; i < 1_000; i++) {
            trend = trend.looked(facts(i, 0), 0, NOW + i * 10L);
        }
        assertThat(trend.backlogs()).hasSize(Trend.MAX_BACKLOGS);
        assertThat(trend.looked(facts(0, 0), 0, NOW + 1_000_000).backlogs()).hasSize(1);
    }

    private static BotFacts facts(long waiting, long written) {
        return new BotFacts(
                Map.of("orders", new BotFacts.Waiting(waiting, NOW)),
                Map.of("priced", new Checkpoint(Position.BEGINNING, written, NOW, NOW, NOW)),
                true);
    }
}
