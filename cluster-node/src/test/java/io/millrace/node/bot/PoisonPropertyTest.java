package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotConfig.OnPoison;
import io.millrace.protocol.http.RunProtocol.Action;
import io.millrace.protocol.http.RunProtocol.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * A bot with events of which some fail, some kill their node and some are rejected, on a node that also dies by itself after
 * any step: each event is handled or disposed of, in order, and nothing is forgotten by a crash.
 */
class PoisonPropertyTest {
    private static final int EVENTS = 12;

    private enum Nature {
        GOOD,
        FAILS,
        KILLS,
        REJECTED
    }

    private final List<BotEvent> journal = new ArrayList<>();
    private BotState state = BotState.EMPTY;
    private Random random = new Random(0);
    private long now = Given.NOW;
    private Nature[] natures = {};
    private String[] fates = {};
    private int[] tries = {};

    private void persist(List<BotEvent> events) {
        journal.addAll(events);
        state = Given.apply(state, events);
    }

    @Property(tries = 500)
    void everyEventIsHandledOrDisposedOfWhateverCrashes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int attempts, @ForAll boolean crashes) {
        random = new Random(seed);
        journal.clear();
        state = BotState.EMPTY;
        natures = new Nature[EVENTS + 1];
        fates = new String[EVENTS + 1];
        tries = new int[EVENTS + 1];
        for (int i = 1; i <= EVENTS; i++) {
            // Poison stands among events that succeed: else nothing is to blame but the bot.
            natures[i] = i % 2 == 0 ? Nature.GOOD : Nature.values()[random.nextInt(4)];
        }
        persist(List.of(new BotEvent.Registered(
                now, Given.retrying(new BotConfig.Retry(attempts, Duration.ofMillis(100)), OnPoison.DEAD_LETTER))));
        int runs = 0;
        while (position() < EVENTS && runs++ < 2_000) {
            run(crashes);
            assertThat(Given.apply(BotState.EMPTY, journal))
                    .as("replayed, seed " + seed)
                    .isEqualTo(state);
        }

        assertThat(position()).as("seed " + seed).isEqualTo(EVENTS);
        for (int i = 1; i <= EVENTS; i++) {
            boolean good = natures[i] == Nature.GOOD;
            // An attempt counts though its node has died by itself: it is not known why.
            assertThat(fates[i])
                    .as("event " + i + ", seed " + seed)
                    .isIn(good && !crashes ? List.of("handled") : good ? List.of("handled", "dead") : List.of("dead"));
            if (!crashes && (natures[i] == Nature.FAILS || natures[i] == Nature.REJECTED)) {
                assertThat(tries[i])
                        .as("event " + i + ", seed " + seed)
                        .isEqualTo(natures[i] == Nature.REJECTED ? 1 : attempts);
            }
        }
    }

    private int position() {
        return state.position("orders").isBefore(Given.id(1))
                ? 0
                : (int) Objects.requireNonNull(state.read().get("orders")).records();
    }

    private boolean dies(boolean crashes) {
        return crashes && random.nextInt(40) == 0;
    }

    private void lost() {
        persist(List.of(RunDecisions.lose(state, Objects.requireNonNull(state.run()), now)));
    }

    /** One run as a node does it: one event at a time, which is the hardest for what is written down. */
    private void run(boolean crashes) {
        now = Math.max(now + 1, state.backoffUntil());
        persist(List.of(RunDecisions.start(state, "run", "node", null, now, RunCause.EVENTS)));
        var caution = PoisonDecisions.caution(state);
        int done = position();
        long handled = 0;
        for (int at = done + 1; at <= EVENTS; at++) {
            boolean asks =
                    caution.careful() || Given.id(at).equals(caution.suspects().get("orders"));
            Action action = Action.TRY;
            if (asks) {
                action = judge(at, null, false, handled, done);
                handled = 0;
            }
            if (dies(crashes)) {
                lost();
                return;
            }
            if (action == Action.TRY) {
                tries[at]++;
                if (natures[at] == Nature.KILLS) {
                    lost();
                    return;
                } else if (natures[at] == Nature.GOOD) {
                    fates[at] = "handled";
                    handled++;
                } else {
                    action = judge(at, "boom", natures[at] == Nature.REJECTED, handled, done);
                    handled = 0;
                }
            }
            if (action == Action.RETRY || action == Action.STOP) {
                return;
            } else if (action == Action.DEAD_LETTER) {
                fates[at] = "dead";
            }
            if (dies(crashes)) {
                lost();
                return;
            }
            done = at;
        }
        BotCommand.Complete complete =
                new BotCommand.Complete(state.epoch(), "run", null, Given.at(done), 0, Deciding.NOBODY);
        persist(((BotDecision.Accept) RunDecisions.complete(state, complete, now)).events());
    }

    private Action judge(int at, @Nullable String error, boolean rejected, long handled, int done) {
        BotCommand.Judge judge = new BotCommand.Judge(
                state.epoch(),
                "run",
                "orders",
                Given.id(at),
                error,
                rejected,
                handled,
                0,
                done == 0 ? Map.of() : Given.at(done),
                Deciding.NOBODY);
        BotDecision.Accept accept = (BotDecision.Accept) PoisonDecisions.judge(state, judge, now);
        persist(accept.events());
        Verdict verdict = ((BotReply.Judged) accept.reply().apply(state)).verdict();
        return verdict.action();
    }
}
