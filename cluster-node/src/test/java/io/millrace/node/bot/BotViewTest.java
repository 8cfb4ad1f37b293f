package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BotViewTest {
    @Test
    void aBotWithoutTroubleIsNominal() {
        BotInfo info = info(Given.registered(), 0);

        assertThat(info.state()).isEqualTo("nominal");
        assertThat(info.flags()).isEmpty();
        assertThat(info.run()).isNull();
        assertThat(info.backoffUntil()).isNull();
    }

    @Test
    void aBotThatReadsOldEventsIsWarnedOf() {
        assertThat(info(Given.registered(), 150).state()).isEqualTo("nominal");
        assertThat(info(Given.registered(), 150.1).state()).isEqualTo("warning");
    }

    @Test
    void theRegistrationSaysWhatOldIs() {
        BotConfig config = new BotConfig(
                null,
                null,
                null,
                null,
                null,
                null,
                Given.WORKER,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new BotConfig.Lag(Duration.ofSeconds(5), null),
                null);
        BotState state = Given.state(new BotEvent.Registered(NOW, config));

        assertThat(info(state, 6).state()).isEqualTo("warning");
        assertThat(info(state, 4).state()).isEqualTo("nominal");
    }

    @Test
    void anErrorWeighsMoreThanLagAndABotWithManyIsRogue() {
        BotState state = Given.running();
        for (int errors = 1; errors <= 11; errors++) {
            state = state.apply(new BotEvent.RunEnded(NOW, errors, BotEvent.How.ERROR, "boom", NOW + 2_250));
            assertThat(info(state, 1_000).state()).isEqualTo(errors > 10 ? "rogue" : "error");
        }
        assertThat(info(state, 0).errorCount()).isEqualTo(11);
        assertThat(info(state, 0).lastError()).isEqualTo("boom");
        assertThat(info(state, 0).flags()).containsExactly("backing-off");
        assertThat(info(state, 0).backoffUntil()).isEqualTo(Instant.ofEpochMilli(NOW + 2_250));
        assertThat(BotView.info("price", state, Map.of(), Map.of(), NOW + 2_250).flags())
                .isEmpty();
    }

    @Test
    void flagsTellTheRest() {
        BotState state = Given.running().apply(new BotEvent.Paused(NOW, "lunch"));

        assertThat(info(state, 0).flags()).containsExactly("running", "paused");
        assertThat(info(state, 0).pauseReason()).isEqualTo("lunch");
        assertThat(info(Given.registered().apply(new BotEvent.Archived(NOW)), 0).flags())
                .containsExactly("archived");
    }

    @Test
    void aRunIsShownWithWhoeverDoesIt() {
        BotInfo.Run byWorker =
                java.util.Objects.requireNonNull(info(Given.running(), 0).run());
        assertThat(byWorker.worker()).isEqualTo("worker");
        assertThat(byWorker.node()).isNull();

        BotState here = Given.registered()
                .apply(RunDecisions.start(Given.registered(), "run", "node", null, NOW, RunCause.EVENTS));
        BotInfo.Run byNode = java.util.Objects.requireNonNull(info(here, 0).run());
        assertThat(byNode.node()).isEqualTo("node");
        assertThat(byNode.worker()).isNull();
        assertThat(byNode.readUntil()).isEqualTo(Instant.ofEpochMilli(NOW + 720_000));
    }

    @Test
    void runsAreSummedUpInSmallLetters() {
        BotState state = Given.running().apply(new BotEvent.RunEnded(NOW + 9, 1, BotEvent.How.EXPIRED, "late", 0));

        assertThat(BotView.summaries(state.past()).runs())
                .containsExactly(new RunProtocol.Summary(
                        "run-1",
                        1,
                        "worker",
                        Instant.ofEpochMilli(NOW),
                        Instant.ofEpochMilli(NOW + 9),
                        0,
                        "expired",
                        "late",
                        io.millrace.protocol.RunReason.EVENTS,
                        null));
    }

    private static BotInfo info(BotState state, double seconds) {
        return BotView.info("price", state, Map.of("orders", new BotInfo.Lag(3, seconds)), Map.of(), NOW);
    }
}
