package io.millrace.node.queue;

import static io.millrace.node.queue.Given.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design D8: no wake-up gets lost. */
class SleepersTest {
    private final TestQueue queue = new TestQueue();
    private final List<String> signals = new ArrayList<>();
    private final Sleepers sleepers = new Sleepers("orders", new Signals(signals));

    @Test
    void aStrangerMustBeSubscribedFirstAndSleepsOnceItIs() {
        assertThat(sleepers.offer(sleep("b"), queue.state)).isFalse();
        sleepers.subscribing(sleep("b"));
        sleepers.committed(queue.state, false);
        assertThat(signals).isEmpty();

        subscribe("b");
        sleepers.committed(queue.state, false);

        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void aSleeperIsWokenByTheNextAppendAndOnlyOnce() {
        subscribe("b");
        sleepers.offer(sleep("b"), queue.state);
        queue.take(append("x"));
        sleepers.committed(queue.state, true);
        queue.take(append("y"));
        sleepers.committed(queue.state, true);

        assertThat(signals).containsExactly("asleep b", "wake b");
    }

    @Test
    void aCommitWithoutEventsWakesNobody() {
        subscribe("b");
        sleepers.offer(sleep("b"), queue.state);
        sleepers.committed(queue.state, false);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void whoIsBehindIsWokenAtOnce() {
        subscribe("b");
        queue.take(append("x"));
        sleepers.offer(sleep("b"), queue.state);
        assertThat(signals).containsExactly("wake b");
    }

    @Test
    void whatCameWhileTheSubscriptionWasUnderWayWakesToo() {
        sleepers.subscribing(sleep("b"));
        queue.take(append("x"));
        sleepers.committed(queue.state, true);
        subscribe("b");
        sleepers.committed(queue.state, false);
        assertThat(signals).containsExactly("wake b");
    }

    @Test
    void whoHasSeenAllSleeps() {
        subscribe("b");
        queue.take(append("x"));
        sleepers.offer(new QueueCommand.Sleep("b", Position.of(queue.state.last())), queue.state);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void purgedEventsWakeNobody() {
        subscribe("b");
        queue.take(append("x"));
        queue.change(new QueueCommand.Archive(true, TestQueue.nobody()));
        sleepers.offer(sleep("b"), queue.state);
        assertThat(signals).containsExactly("asleep b");
    }

    @Test
    void allSubscribersAreWokenAfterARecovery() {
        subscribe("b");
        subscribe("c");
        queue.take(append("x"));
        sleepers.recovered(queue.state);
        assertThat(signals).containsExactlyInAnyOrder("wake b", "wake c");
    }

    @Test
    void afterARecoveryWithoutEventsAllSubscribersAreTakenToSleep() {
        subscribe("b");
        sleepers.recovered(queue.state);
        assertThat(signals).isEmpty();
        queue.take(append("x"));
        sleepers.committed(queue.state, true);
        assertThat(signals).containsExactly("wake b");
    }

    private void subscribe(String bot) {
        queue.change(new QueueCommand.Subscribe(bot, TestQueue.nobody()));
    }

    private static QueueCommand.Sleep sleep(String bot) {
        return new QueueCommand.Sleep(bot, Position.BEGINNING);
    }
}
