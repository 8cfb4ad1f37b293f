package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.Position;
import io.millrace.protocol.http.BotConfig;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a bot tells its lanes and makes of what it hears from them, message by message. */
class LaneCoordinatorTest {
    private static final BotConfig TWO = Given.config(Given.WORKER, "orders").withLanes(2, "/customer");

    /** What was told to whom. */
    private record Told(String to, BotCommand message) {}

    private final List<Told> told = new ArrayList<>();
    private final long[] ticks = {1_000_000};
    private final Askers askers = new Askers();
    private BotState bot = opened();
    private final LaneCoordinator coordinator = coordinator();

    private static BotState opened() {
        BotState registered = Given.state(new BotEvent.Registered(NOW, TWO));
        return registered.apply(LaneDecisions.open(registered, List.of(Given.at(1)), 0, NOW));
    }

    @SuppressWarnings("NullAway") // what isn't used
    private LaneCoordinator coordinator() {
        BotContext context = new BotContext(
                new BotId("price"),
                "node",
                "bot|price",
                log -> CompletableFuture.completedStage(true),
                null,
                Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC),
                () -> ticks[0],
                null,
                null,
                null,
                null,
                null,
                null,
                () -> "run",
                null,
                self -> {},
                (other, message) -> told.add(new Told(other, message)),
                message -> {});
        BotMoment moment = new BotMoment();
        return new LaneCoordinator(context, new Leases(context, moment, askers, new BotSlots()), askers);
    }

    private void register(int lanes) {
        bot = bot.apply(new BotEvent.Registered(NOW, TWO.withLanes(lanes, "/customer")));
    }

    private @Nullable BotCommit next() {
        ticks[0] += 1_001;
        told.clear();
        return coordinator.next(bot);
    }

    private List<String> ordered() {
        return told.stream()
                .filter(one -> one.message() instanceof BotCommand.Order)
                .map(Told::to)
                .toList();
    }

    private void follows(int lane, @Nullable Map<String, Checkpoint> ended) {
        coordinator.heard(new BotCommand.Followed(lane, bot.laneBook().revision(), 30 + lane, ended, null));
    }

    @Test
    void eachLaneIsToldUntilItIsHeardOf() {
        assertThat(next()).isNull();
        assertThat(ordered()).containsExactly("price.lane-0", "price.lane-1");
        follows(1, null);

        next();
        assertThat(ordered()).containsExactly("price.lane-0");
        assertThat(coordinator.isPending(bot)).isTrue();
        follows(0, null);

        next();
        assertThat(ordered()).isEmpty();
        assertThat(coordinator.isPending(bot)).isFalse();
    }

    @Test
    void otherLanesAreOpenedWhenAllHaveEndedByTheLastOrder() {
        register(3);
        next();
        follows(0, Given.at(9));
        assertThat(next()).isNull();
        follows(1, Given.at(5));

        BotCommit commit = Objects.requireNonNull(next());
        assertThat(commit.events()).singleElement().isInstanceOfSatisfying(BotEvent.LanesOpened.class, opened -> {
            assertThat(opened.count()).isEqualTo(3);
            assertThat(opened.epoch()).isEqualTo(31);
            assertThat(Objects.requireNonNull(opened.read().get("orders")).checkpoint())
                    .isEqualTo(Given.checkpoint(5).checkpoint());
        });
    }

    @Test
    void anEndByAnEarlierOrderIsNone() {
        register(3);
        next();
        follows(0, Given.at(9));
        follows(1, Given.at(5));
        // Somebody moves the checkpoint: where the lanes have ended isn't where they are any more.
        long before = bot.laneBook().revision();
        bot = bot.apply(new BotEvent.CheckpointSet(NOW, "orders", Given.checkpoint(2), null));

        assertThat(next()).isNull();
        coordinator.heard(new BotCommand.Followed(0, before, 7, Given.at(9), null));
        coordinator.heard(new BotCommand.Followed(1, before, 7, Given.at(5), null));

        assertThat(next()).isNull();
        assertThat(ordered()).containsExactly("price.lane-0", "price.lane-1");
    }

    @Test
    void howFarAReplayIsCountsOnceAllLanesHaveTold() {
        bot = bot.apply(new BotEvent.ReplayPlanned(
                        NOW,
                        new Replaying.Plan(1, "orders", Position.BEGINNING, Position.BEGINNING, null, null, 5, 100),
                        NOW + 1_000))
                .apply(new BotEvent.ReplayBegun(NOW, 1, "price.replay.1"));
        long revision = bot.laneBook().revision();
        next();
        coordinator.heard(new BotCommand.Followed(0, revision, 7, null, Given.checkpoint(7)));
        assertThat(coordinator.seen(bot)).isEqualTo(bot);
        next();
        assertThat(ordered()).as("asked again, also who has told").hasSize(2);
        coordinator.heard(new BotCommand.Followed(1, revision, 7, null, Given.checkpoint(4)));

        Checkpoint seen = Objects.requireNonNull(coordinator.seen(bot).read().get("price.replay.1"));
        assertThat(seen.checkpoint()).isEqualTo(Given.checkpoint(4).checkpoint());
        assertThat(seen.records()).isEqualTo(11);
    }
}
