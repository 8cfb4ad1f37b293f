package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BotStateTest {
    /** One of each kind; the test below holds it against the sealed interface. */
    static final List<BotEvent> ONE_OF_EACH = List.of(
            new BotEvent.Registered(NOW, Given.config(Given.WORKER, "orders")),
            new BotEvent.Paused(NOW + 1, "lunch"),
            new BotEvent.Resumed(NOW + 2, Given.RAMP),
            new BotEvent.RunStarted(NOW + 3, "run-1", 1, "node", "worker", NOW + 800, NOW + 1_000, null, null),
            new BotEvent.Checkpointed(NOW + 4, 1, Given.at(7)),
            new BotEvent.Wrote("priced"),
            new BotEvent.RedriveBegun(NOW + 4, "price.redrive", 1, Letters.of(List.of(Given.id(3))), NOW + 60_000),
            new BotEvent.RedriveEnded(NOW + 5, 1, true),
            new BotEvent.DeadPurged(NOW + 5, Letters.upTo(Given.id(5))),
            new BotEvent.Suspected(NOW + 4, 1, "orders", Suspect.of(Given.id(9), NOW + 4), 0, false),
            new BotEvent.RunEnded(NOW + 5, 1, BotEvent.How.ERROR, "boom", NOW + 2_250),
            new BotEvent.KeyHeld("orders", "c8", Given.id(3)),
            new BotEvent.KeyStuck("c7", Given.id(3)),
            new BotEvent.LettersBarred(NOW + 5, "price.redrive", 5, false, List.of(Given.id(3))),
            new BotEvent.LettersMoved(NOW + 5, 4, null),
            new BotEvent.CheckpointSet(NOW + 6, "orders", Given.checkpoint(0), "again"),
            new BotEvent.Skipped(NOW + 6, "orders", Given.id(9)),
            new BotEvent.ReplayPlanned(NOW + 6, ReplayDecisionsTest.PLAN, NOW + 900_000),
            new BotEvent.ReplayBegun(NOW + 6, 1, "price.replay"),
            new BotEvent.ReplayStepped(1, 1, Given.id(9), 7),
            new BotEvent.ReplayCopied(1, Given.id(8)),
            new BotEvent.ReplayEnded(NOW + 6, 1, Replaying.Phase.CANCELLED, null),
            new BotEvent.Archived(NOW + 7));

    @Test
    void everyEventHasARule() {
        assertThat(ONE_OF_EACH.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(Arrays.stream(BotEvent.class.getPermittedSubclasses())
                        .filter(Class::isRecord)
                        .toArray(Class<?>[]::new));
        for (BotEvent event : ONE_OF_EACH) {
            BotState state = Given.running()
                    .apply(new BotEvent.Paused(NOW, "before"))
                    .apply(new BotEvent.ReplayPlanned(NOW, ReplayDecisionsTest.PLAN, NOW))
                    .apply(new BotEvent.RedriveBegun(NOW, "price.redrive", 1, Letters.of(List.of(Given.id(3))), NOW))
                    .apply(new BotEvent.KeyHeld("orders", "c7", Given.id(3)))
                    .apply(new BotEvent.LettersBarred(NOW, "price.redrive", 3, false, List.of()))
                    .apply(new BotEvent.LettersMoved(NOW, 3, Given.MOVED))
                    .apply(new BotEvent.LettersBarred(NOW, "price.redrive", 4, false, List.of()));
            assertThat(state.apply(event)).as(event.toString()).isNotEqualTo(state);
        }
    }

    @Test
    void aWholeLifeLeavesItsTraces() {
        BotState state = Given.apply(BotState.EMPTY, ONE_OF_EACH);

        assertThat(state.createdAt()).isEqualTo(NOW);
        assertThat(state.archived()).isTrue();
        assertThat(state.version()).isEqualTo(2);
        assertThat(state.epoch()).isEqualTo(1);
        assertThat(state.generation()).isEqualTo(1);
        assertThat(state.run()).isNull();
        assertThat(state.read()).containsExactly(java.util.Map.entry("orders", Given.checkpoint(0)));
        assertThat(state.written()).containsExactly("priced");
        assertThat(state.errorCount()).isEqualTo(1);
        assertThat(state.lastError()).isEqualTo("boom");
        assertThat(state.backoffUntil()).isEqualTo(NOW + 2_250);
        assertThat(state.runs()).isEqualTo(1);
        assertThat(state.failed()).isEqualTo(1);
        assertThat(state.past()).singleElement().satisfies(past -> {
            assertThat(past.run().records()).isEqualTo(7);
            assertThat(past.endedAt()).isEqualTo(NOW + 5);
        });
    }

    @Test
    void aRunCountsWhatItReadSinceTheCheckpointBefore() {
        BotState state = Given.running()
                .apply(new BotEvent.Checkpointed(NOW, 1, Given.at(10)))
                .apply(new BotEvent.Checkpointed(NOW, 1, Given.at(25)));

        assertThat(java.util.Objects.requireNonNull(state.run()).records()).isEqualTo(25);
    }

    @Test
    void onlyTheLastRunsAreRemembered() {
        BotState state = Given.registered();
        for (int i = 1; i <= BotState.MAX_PAST + 5; i++) {
            BotEvent.RunStarted started = RunDecisions.start(state, "run-" + i, "node", null, NOW + i, RunCause.EVENTS);
            state = state.apply(started)
                    .apply(new BotEvent.RunEnded(NOW + i, started.epoch(), BotEvent.How.OK, null, 0));
        }

        assertThat(state.past()).hasSize(BotState.MAX_PAST);
        assertThat(state.past().get(0).run().run()).isEqualTo("run-6");
        assertThat(state.past().get(BotState.MAX_PAST - 1).run().run()).isEqualTo("run-25");
        assertThat(state.runs()).isEqualTo(25);
    }

    @Test
    void aRegistrationThatSaysNothingOfAPauseKeepsIt() {
        BotState paused = Given.registered().apply(new BotEvent.Paused(NOW, "lunch"));

        assertThat(paused.apply(new BotEvent.Registered(NOW, Given.config(Given.WORKER, "x")))
                        .paused())
                .isTrue();
    }

    @Test
    void itReadsFromTheBeginningWhereItHasNoCheckpoint() {
        assertThat(Given.registered().position("orders")).isEqualTo(Position.BEGINNING);
        assertThat(Given.running()
                        .apply(new BotEvent.Checkpointed(NOW, 1, Given.at(3)))
                        .position("orders"))
                .isEqualTo(Position.of(Given.id(3)));
    }

    @Test
    void itMayRunOnlyWhenNothingIsInTheWay() {
        BotState state = Given.registered();
        assertThat(BotState.EMPTY.mayRun(NOW)).isFalse();
        assertThat(state.mayRun(NOW)).isTrue();
        assertThat(Given.running().mayRun(NOW)).isFalse();
        assertThat(state.apply(new BotEvent.Paused(NOW, null)).mayRun(NOW)).isFalse();
        assertThat(state.apply(new BotEvent.Archived(NOW)).mayRun(NOW)).isFalse();
        BotState failed = Given.running().apply(new BotEvent.RunEnded(NOW, 1, BotEvent.How.ERROR, "boom", NOW + 2_250));
        assertThat(failed.mayRun(NOW + 2_249)).isFalse();
        assertThat(failed.mayRun(NOW + 2_250)).isTrue();
    }

    @Test
    void onlyAQuickQuietGoodRunIsFollowedByARest() {
        BotState running = Given.running();
        BotEvent good = new BotEvent.RunEnded(NOW + 999, 1, BotEvent.How.OK, null, 0);
        assertThat(Given.registered().lastRunDidNothingWithin(1_000)).isFalse();
        assertThat(running.apply(good).lastRunDidNothingWithin(1_000)).isTrue();
        assertThat(running.apply(new BotEvent.RunEnded(NOW + 1_000, 1, BotEvent.How.OK, null, 0))
                        .lastRunDidNothingWithin(1_000))
                .isFalse();
        assertThat(running.apply(new BotEvent.Checkpointed(NOW, 1, Given.at(1)))
                        .apply(good)
                        .lastRunDidNothingWithin(1_000))
                .isFalse();
        assertThat(running.apply(new BotEvent.RunEnded(NOW + 1, 1, BotEvent.How.LOST, null, 0))
                        .lastRunDidNothingWithin(1_000))
                .isFalse();
    }
}
