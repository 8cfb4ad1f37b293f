package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.protocol.EventId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MovedQueuesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MovedQueues moved = new MovedQueues(meters);

    @Test
    void aQueueAndABotAreNotedOnceWithTheNewestEvent() {
        moved.moved("orders", id(2), "b");
        moved.moved("orders", id(3), "b");
        moved.moved("orders", id(1), "b");
        moved.moved("orders", id(1), "c");

        assertThat(moved.take().moves())
                .containsExactly(new Move("orders", "b", id(3)), new Move("orders", "c", id(1)));
        assertThat(moved.take().isEmpty()).isTrue();
    }

    @Test
    void whoHasSettledIsForgotten() {
        moved.moved("orders", id(1), "b");
        moved.settled("orders", "b");
        assertThat(moved.take().isEmpty()).isTrue();
    }

    @Test
    void whatIsPutBackGivesWayToWhatIsNewer() {
        moved.moved("orders", id(1), "b");
        moved.moved("orders", id(1), "c");
        MovedQueues.Page page = moved.take();
        moved.moved("orders", id(2), "b");
        moved.putBack(page);
        assertThat(moved.take().moves())
                .containsExactly(new Move("orders", "b", id(2)), new Move("orders", "c", id(1)));
    }

    @Test
    void pagesFitAMessageAndNothingIsLeftOut() {
        String longest = "q".repeat(200);
        Set<String> bots = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String bot = ("b" + i + "-").repeat(80).substring(0, 200);
            moved.moved(longest, id(1), bot);
            bots.add(bot);
        }
        List<String> taken = new ArrayList<>();
        for (var page = moved.take(); !page.isEmpty(); page = moved.take()) {
            assertThat(page.moves().stream().mapToInt(Move::size).sum()).isLessThan(MovedQueues.PAGE_BYTES + 600);
            page.moves().forEach(move -> taken.add(move.bot()));
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(bots);
    }

    @Test
    void tooMuchMeansThatEveryBotLooks() {
        for (int i = 0; i <= MovedQueues.MAX; i++) {
            moved.moved("orders", id(1), "b" + i);
        }
        assertThat(moved.size()).isZero();
        MovedQueues.Page page = moved.take();
        assertThat(page.everything()).isTrue();
        moved.putBack(page);
        assertThat(moved.take().everything()).isTrue();
        assertThat(moved.take().everything()).isFalse();
        assertThat(meters.get("millrace.sweeper.overflows").counter().count()).isEqualTo(1);
    }

    private static EventId id(int position) {
        return new EventId(NOW.toEpochMilli(), position);
    }
}
