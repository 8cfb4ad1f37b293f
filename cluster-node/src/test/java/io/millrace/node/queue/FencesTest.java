package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design D4: a bot hears that its earlier runs are over here once that is durable. */
class FencesTest {
    private final TestQueue queue = new TestQueue();
    private final List<String> signals = new ArrayList<>();
    private final Fences fences = new Fences("orders", new Signals(signals));

    @Test
    void aBotHearsOfItsFenceOnceItIsDurable() {
        assertThat(fences.offer(fence(3), queue.state)).isFalse();
        fences.await(fence(3));
        fences.committed(queue.state);
        assertThat(signals).isEmpty();

        queue.change(fence(3));
        fences.committed(queue.state);
        fences.committed(queue.state);

        assertThat(signals).containsExactly("fenced b 3");
    }

    @Test
    void aFenceThatStandsIsToldAtOnce() {
        queue.change(fence(3));

        assertThat(fences.offer(fence(3), queue.state)).isTrue();
        assertThat(fences.offer(fence(2), queue.state)).isTrue();

        assertThat(signals).containsExactly("fenced b 3", "fenced b 2");
    }

    @Test
    void theLatestOfABotTakesThePlaceOfEarlierOnes() {
        fences.await(fence(3));
        fences.await(fence(4));
        queue.change(fence(3));
        fences.committed(queue.state);
        assertThat(signals).isEmpty();

        queue.change(fence(4));
        fences.committed(queue.state);

        assertThat(signals).containsExactly("fenced b 4");
    }

    @Test
    void whatWaitsIsGivenBackForANewLogOnce() {
        fences.await(fence(3));

        assertThat(fences.drain()).containsExactly(fence(3));
        assertThat(fences.drain()).isEmpty();
    }

    private static QueueCommand.Fence fence(long epoch) {
        return new QueueCommand.Fence("b", 0, epoch, TestQueue.nobody());
    }
}
