package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaneSumTest {
    private static final BotConfig CONFIG = Given.config(Given.WORKER, "orders").withLanes(2, "/customer");

    private static BotInfo info(String name, String state, List<String> flags, BotInfo.@Nullable Lag lag, long read) {
        BotInfo.Counts counts = new BotInfo.Counts(read, 7, 1, 0);
        return new BotInfo(
                        name,
                        CONFIG,
                        state,
                        flags,
                        null,
                        state.equals("error") ? 3 : 0,
                        state.equals("error") ? "boom" : null,
                        null,
                        4,
                        null,
                        new BotInfo.Checkpoints(Map.of("orders", Given.checkpoint(read)), Map.of()),
                        Map.of(),
                        null,
                        null,
                        new BotInfo.Runs(2, 1))
                .with(
                        state,
                        flags,
                        null,
                        lag == null ? Map.of() : Map.of("orders", lag),
                        Map.of(),
                        new BotInfo.Rates(counts, counts, counts),
                        null);
    }

    @Test
    void theLeastCheckpointTheGreatestLagAndTheSumOfWhatTheyDidAreTheBots() {
        BotInfo bot = info("price", "nominal", List.of("paused"), null, 1);

        BotInfo all = LaneSum.info(
                bot,
                List.of(
                        info("price.lane-0", "nominal", List.of("running"), lag(3, Duration.ofSeconds(9)), 8),
                        info("price.lane-1", "error", List.of("retired"), lag(5, Duration.ofSeconds(2)), 6)));

        Checkpoint checkpoint = Objects.requireNonNull(all.checkpoints().read().get("orders"));
        assertThat(checkpoint.checkpoint()).isEqualTo(Given.checkpoint(6).checkpoint());
        assertThat(checkpoint.records()).isEqualTo(1 + 8 + 6);
        assertThat(all.state()).isEqualTo("error");
        assertThat(all.lastError()).isEqualTo("boom");
        assertThat(all.flags()).containsExactly("running", "paused");
        assertThat(all.lag()).containsEntry("orders", new BotInfo.Lag(5, 1, Duration.ofSeconds(9)));
        assertThat(all.runs()).isEqualTo(new BotInfo.Runs(6, 3));
        assertThat(Objects.requireNonNull(all.rates()).minute())
                .as("what was written is counted for the bot")
                .isEqualTo(new BotInfo.Counts(1 + 8 + 6, 7, 3, 0));
        assertThat(Objects.requireNonNull(all.lanes()))
                .extracting(BotInfo.Lane::index)
                .containsExactly(0, 1);
        assertThat(all.lanes().get(1).flags()).containsExactly("retired");
    }

    private static BotInfo.Lag lag(long events, @Nullable Duration catchUp) {
        return new BotInfo.Lag(events, 1, catchUp);
    }

    @Test
    void oneThatNeverCatchesUpKeepsTheBotFromIt() {
        BotInfo all = LaneSum.info(
                info("price", "nominal", List.of(), null, 1),
                List.of(
                        info("price.lane-0", "nominal", List.of(), lag(3, null), 8),
                        info("price.lane-1", "nominal", List.of(), lag(3, Duration.ofSeconds(2)), 8)));

        assertThat(Objects.requireNonNull(all.lag().get("orders")).catchUp()).isNull();
    }

    @Test
    void aQueueThatALaneHasNotReadIsAtItsBeginning() {
        Map<String, Checkpoint> all = LaneSum.of(Map.of(), List.of(Map.of("orders", Given.checkpoint(8)), Map.of()));

        assertThat(Objects.requireNonNull(all.get("orders")).checkpoint()).isEqualTo(Position.BEGINNING);
        assertThat(Objects.requireNonNull(all.get("orders")).records()).isEqualTo(8);
    }
}
