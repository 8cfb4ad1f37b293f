package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Dead letters that are redriven or purged, by whoever and however often that is interrupted. */
class RedrivesTest {
    private static final int LETTERS = 12;

    private BotState state = Given.registered();
    private long now = NOW;

    private boolean decide(BotDecision decision) {
        if (decision instanceof BotDecision.Accept accept) {
            state = Given.apply(state, accept.events());
            return true;
        }
        return false;
    }

    private boolean begin(Letters letters) {
        return decide(RedriveDecisions.begin(
                state, new BotCommand.BeginRedrive("price.redrive", letters, Deciding.NOBODY), now));
    }

    private boolean end(long number, boolean done) {
        return decide(RedriveDecisions.end(state, new BotCommand.EndRedrive(number, done, Deciding.NOBODY), now));
    }

    private boolean purge(Letters letters) {
        return decide(RedriveDecisions.purge(state, new BotCommand.Purge(letters, Deciding.NOBODY), now));
    }

    private static Letters one(long n) {
        return Letters.of(List.of(Given.id(n)));
    }

    /** The queue of redriven events, as far as it matters: what was taken under which number. */
    private final Map<Long, List<EventId>> taken = new HashMap<>();

    /** Redrives as the office does, but for a crash after so many of its three steps. */
    private void redrive(Letters letters, int steps) {
        Redrives.Pending pending = state.redriving().pending();
        if (pending != null && now >= pending.until()) {
            end(pending.number(), taken.containsKey(pending.number()));
        }
        Position upTo = letters.upTo();
        List<EventId> events = IntStream.rangeClosed(1, LETTERS)
                .mapToObj(Given::id)
                .filter(letter -> !state.redriving().isSettled(letter))
                .filter(letter -> letters.singles().contains(letter) || (upTo != null && !upTo.isBefore(letter)))
                .toList();
        if (steps == 0 || events.isEmpty() || !begin(letters)) {
            return;
        }
        long number = state.redriving().number();
        if (steps > 1) {
            taken.putIfAbsent(number, events);
        }
        if (steps > 2) {
            end(number, true);
        }
    }

    @Property
    void eachLetterIsRedrivenOnceWhateverCrashes(@ForAll long seed) {
        state = Given.registered();
        taken.clear();
        now = NOW;
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            Letters letters = random.nextBoolean()
                    ? one(1 + random.nextInt(LETTERS))
                    : Letters.upTo(Given.id(1 + random.nextInt(LETTERS)));
            redrive(letters, random.nextInt(4));
            now += random.nextInt(3) == 0 ? RedriveDecisions.PATIENCE : 1;
        }
        now += RedriveDecisions.PATIENCE;
        redrive(Letters.upTo(Given.id(LETTERS)), 3);
        now += RedriveDecisions.PATIENCE;
        redrive(Letters.upTo(Given.id(LETTERS)), 3);

        List<EventId> all = new ArrayList<>();
        taken.values().forEach(all::addAll);
        assertThat(all)
                .as("seed " + seed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, LETTERS).mapToObj(Given::id).toList());
    }

    @Test
    void oneAtATime() {
        assertThat(begin(one(3))).isTrue();
        assertThat(begin(one(4))).isFalse();
        assertThat(purge(one(4))).isFalse();
        assertThat(end(2, true)).isFalse();
        assertThat(end(1, true)).isTrue();
        assertThat(state.redriving().isSettled(Given.id(3))).isTrue();
        assertThat(begin(one(3))).isFalse();
        assertThat(begin(one(4))).isTrue();
    }

    @Test
    void theBotReadsTheQueueThatItsLettersGoBy() {
        assertThat(state.wakers()).containsExactly("orders");
        begin(one(3));
        assertThat(state.wakers()).containsExactly("orders", "price.redrive");
        assertThat(state.sources()).containsExactly("orders", "price.redrive");
    }

    @Test
    void singlesBelowARangeAreForgottenAndTheirNumberIsBounded() {
        for (int i = 1; i <= Redrives.MAX_SINGLES; i++) {
            assertThat(purge(one(2L * i))).isTrue();
        }
        BotDecision.Reject full =
                (BotDecision.Reject) RedriveDecisions.purge(state, new BotCommand.Purge(one(1), Deciding.NOBODY), now);
        assertThat(full.problem().is(ProblemType.CONFLICT)).isTrue();
        assertThat(purge(Letters.upTo(Given.id(5_000)))).isTrue();
        assertThat(state.redriving().singles()).isEmpty();
        assertThat(state.redriving().isSettled(Given.id(1))).isTrue();
        assertThat(state.redriving().isSettled(Given.id(5_001))).isFalse();
    }
}
