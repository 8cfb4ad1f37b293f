package io.millrace.node.bot;

import static io.millrace.node.bot.Deciding.NOBODY;
import static io.millrace.node.bot.Deciding.accepted;
import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Outcome;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay's copies, whatever ends their bot's actor and whenever. */
class ReplayDeskTest {
    private static final long FIRST = 10;
    private static final long LAST = 3_456;
    private static final String INTO = "price.replay.1";

    private final Work work = new Work();
    private final Deque<Runnable> notes = new ArrayDeque<>();
    private final long[] ticks = {1_000_000};
    private BotState state = Given.running();
    private ReplayDesk desk = desk();

    @Test
    void shouldCopyTheRangeOnceInOrderAndEndWhenItIsHandled() {
        begin(null);

        runUntilCopied(() -> {});

        assertThat(work.copied).isEqualTo(range());
        assertThat(state.replaying().active()).as("nobody has handled it").isNotNull();
        handled();
        turn();
        assertThat(state.replaying().active()).isNull();
        assertThat(work.tidied).isEqualTo(1);
        assertThat(state.replaying().find(1).orElseThrow().copied()).isEqualTo(LAST - FIRST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldCopyTheRangeOnceWhateverEndsTheActorInBetween(long seed) {
        Random random = new Random(seed);
        work.random = random;
        begin(null);

        runUntilCopied(() -> {
            if (random.nextInt(5) == 0) {
                notes.clear(); // what was done is done, but nobody hears of it
                desk = desk();
                desk.recovered();
            }
        });

        assertThat(work.copied).as("seed %d", seed).isEqualTo(range());
    }

    @Test
    void shouldKeepToTheRate() {
        begin(100L);
        long began = ticks[0];

        runUntilCopied(() -> {});

        assertThat(ticks[0] - began).isGreaterThanOrEqualTo((LAST - FIRST - 200) * 10);
        assertThat(work.largest).isLessThanOrEqualTo(100);
    }

    @Test
    void shouldNotRunAheadOfItsHandler() {
        work.last = 60_000;
        begin(null);

        for (int i = 0; i < 400; i++) {
            turn();
        }

        assertThat((long) work.copied.size()).isBetween(ReplayDesk.MOST_AHEAD, ReplayDesk.MOST_AHEAD + ReplayDesk.STEP);
    }

    @Test
    void shouldFailWhereItCantGoOn() {
        work.refusal = Outcome.refused(ProblemType.TOO_LARGE, "too large");
        begin(null);

        for (int i = 0; i < 40; i++) {
            turn();
        }

        Replaying.Range range = state.replaying().find(1).orElseThrow();
        assertThat(range.phase()).isEqualTo(Replaying.Phase.FAILED);
        assertThat(range.error()).isEqualTo("too large");
        assertThat(work.tidied).isEqualTo(1);
    }

    @Test
    void shouldStopWhenItIsCancelled() {
        begin(null);
        for (int i = 0; i < 6; i++) {
            turn();
        }
        int before = work.copied.size();
        apply(accepted(state, ReplayDecisions.cancel(state, new BotCommand.CancelReplay(1, NOBODY), NOW)));

        for (int i = 0; i < 20; i++) {
            turn();
        }

        assertThat(work.copied).hasSize(before);
        assertThat(work.tidied).isEqualTo(1);
    }

    private void begin(@Nullable Long rate) {
        Replaying.Plan plan = new Replaying.Plan(
                0, "orders", Position.of(Given.id(FIRST)), Position.of(Given.id(LAST)), rate, null, 1, 1);
        apply(accepted(state, ReplayDecisions.plan(state, new BotCommand.PlanReplay(plan, NOBODY), NOW)));
        apply(accepted(state, ReplayDecisions.start(state, new BotCommand.StartReplay("price", 1, NOBODY), NOW)));
    }

    private void apply(BotState after) {
        BotState before = state;
        state = after;
        desk.settle(before, after);
    }

    private void runUntilCopied(Runnable disturbance) {
        for (int i = 0; i < 100_000; i++) {
            Replaying.Range range = state.replaying().active();
            if (range == null || range.allCopied()) {
                return;
            }
            turn();
            disturbance.run();
        }
        throw new AssertionError("it doesn't end: " + state.replaying());
    }

    /** One turn of the actor: a commit, or what comes back from outside. */
    private void turn() {
        ticks[0] += 100;
        BotCommit commit = desk.next(state);
        if (commit != null) {
            BotState after = state;
            for (BotEvent event : commit.events()) {
                after = after.apply(event);
            }
            apply(after);
            commit.then().accept(after);
        } else if (!notes.isEmpty()) {
            notes.remove().run();
        }
    }

    private void handled() {
        Replaying.Range range =
                java.util.Objects.requireNonNull(state.replaying().active());
        apply(state.apply(new BotEvent.Checkpointed(
                NOW,
                1,
                Map.of(
                        INTO,
                        new Checkpoint(
                                Position.of(java.util.Objects.requireNonNull(range.end())),
                                range.copied(),
                                null,
                                NOW,
                                NOW)))));
    }

    private static List<Long> range() {
        return LongStream.rangeClosed(FIRST + 1, LAST).boxed().toList();
    }

    private ReplayDesk desk() {
        return new ReplayDesk(
                new BotContext(
                        new BotId("price"),
                        "node",
                        "bot|price",
                        log -> CompletableFuture.completedStage(true),
                        null,
                        Clock.systemUTC(),
                        () -> ticks[0],
                        null,
                        null,
                        null,
                        work,
                        null,
                        () -> "run",
                        null,
                        self -> {},
                        message -> {}),
                new ReplayDesk.Beside() {
                    @Override
                    public <T> void run(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> note) {
                        stage.whenComplete((value, failure) -> notes.add(() -> note.accept(value, failure)));
                    }
                });
    }

    /** The queues: what is sent is done at once, and now and then nobody hears of it. */
    private final class Work implements ReplayWork {
        final List<Long> copied = new ArrayList<>();
        final Set<Long> taken = new TreeSet<>();
        long last = LAST;
        int largest;
        int tidied;

        @Nullable
        Random random;

        @Nullable
        Outcome<Boolean> refusal;

        @Override
        public CompletionStage<Outcome<Boolean>> prepare(String into, String later, String bot) {
            assertThat(later).isNotEqualTo(into);
            return answer(true);
        }

        @Override
        public CompletionStage<Outcome<Boolean>> tidy(String into) {
            tidied++;
            return answer(true);
        }

        @Override
        public CompletionStage<Outcome<Batch>> read(String queue, Position after, Position until, int most) {
            List<NewEvent> events = new ArrayList<>();
            EventId upTo = null;
            for (long n = FIRST + 1; n <= last + 50 && events.size() < most; n++) {
                EventId id = Given.id(n);
                if (after.isBefore(id) && (last != LAST || !until.isBefore(id))) {
                    events.add(NewEvent.of(Payload.of(n)));
                    upTo = id;
                }
            }
            return answer(new Batch(events, upTo));
        }

        @Override
        public CompletionStage<Outcome<Boolean>> copy(
                String into, String bot, long number, long step, List<NewEvent> events) {
            if (refusal != null) {
                return CompletableFuture.completedStage(refusal);
            }
            largest = Math.max(largest, events.size());
            if (taken.add(step)) {
                events.forEach(event -> copied.add(event.payload().as(Long.class)));
            }
            return answer(true);
        }

        @Override
        public CompletionStage<Outcome<Optional<EventId>>> end(String into) {
            return answer(Optional.of(Given.id(10_000_000)));
        }

        private <T> CompletionStage<Outcome<T>> answer(T value) {
            return random != null && random.nextInt(6) == 0
                    ? CompletableFuture.completedStage(Outcome.refused(ProblemType.UNKNOWN_OUTCOME, "who knows"))
                    : CompletableFuture.completedStage(Outcome.done(value));
        }
    }
}
