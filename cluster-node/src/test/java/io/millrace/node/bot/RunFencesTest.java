package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Design D4: the next run begins when every queue that the bot writes to knows that the runs before are over. */
class RunFencesTest {
    private final RunFences fences = new RunFences();

    @Test
    void aBotThatHasNeverWrittenHasNothingToFence() {
        assertThat(fences.stand(BotState.EMPTY)).as("nobody has looked yet").isFalse();

        assertThat(fences.toTell(BotState.EMPTY, 0)).isEmpty();

        assertThat(fences.stand(BotState.EMPTY)).isTrue();
    }

    @Test
    void everyQueueHasToBeHeard() {
        BotState state = writes("a", "b");
        assertThat(fences.toTell(state, 0)).containsExactlyInAnyOrder("a", "b");
        assertThat(fences.toTell(state, 10)).as("not told twice at once").isEmpty();
        fences.heard("a", state.epoch() + 1, Map.of());
        assertThat(fences.stand(state)).isFalse();
        assertThat(fences.arePending()).isTrue();

        fences.heard("b", state.epoch() + 1, Map.of());

        assertThat(fences.stand(state)).isTrue();
        assertThat(fences.arePending()).isFalse();
    }

    @Test
    void whoSaysNothingIsToldAgain() {
        BotState state = writes("a", "b");
        fences.toTell(state, 0);
        fences.heard("a", state.epoch() + 1, Map.of());

        assertThat(fences.toTell(state, 999)).isEmpty();
        assertThat(fences.toTell(state, 1_000)).containsExactly("b");
    }

    @Test
    void whatAnEarlierRunHadFencedDoesNotCount() {
        BotState state = writes("a");
        fences.toTell(state, 0);
        fences.heard("a", state.epoch(), Map.of());
        assertThat(fences.stand(state)).isFalse();
        fences.heard("a", state.epoch() + 1, Map.of());

        BotState later = state.apply(new BotEvent.RunStarted(0, "r", state.epoch() + 1, "node", null, 1, 2, null, null))
                .apply(new BotEvent.RunEnded(1, state.epoch() + 1, BotEvent.How.OK, null, 0));

        assertThat(fences.stand(later)).isFalse();
        assertThat(fences.toTell(later, 0)).containsExactly("a");
    }

    private static BotState writes(String... queues) {
        BotState state = BotState.EMPTY;
        for (String queue : queues) {
            state = state.apply(new BotEvent.Wrote(queue));
        }
        return state;
    }
}
