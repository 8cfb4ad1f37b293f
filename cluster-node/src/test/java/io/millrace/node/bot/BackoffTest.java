package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How long bots rest. */
class BackoffTest {
    @Property
    void theRestIsWhatIsPromisedAndLessThanATenthMore(
            @ForAll @IntRange(min = 1, max = 100) int errors, @ForAll String run) {
        double promised = errors > 10 ? 900_000 : 1_000 * Math.pow(2.25, errors);

        assertThat(Backoff.afterErrors(errors, run)).isBetween((long) promised, (long) (promised * 1.1));
        assertThat(Backoff.rogue(run)).isBetween(900_000L, 990_000L);
    }

    @Test
    void botsThatFailAtOnceComeBackSpreadOverThatTenth() {
        List<Long> rests = IntStream.range(0, 1_000)
                .mapToObj(
                        i -> Backoff.afterErrors(5, java.util.UUID.randomUUID().toString()))
                .toList();
        long least = (long) (1_000 * Math.pow(2.25, 5));

        assertThat(rests.stream().distinct().count()).isGreaterThan(800);
        for (int part = 0; part < 5; part++) {
            long from = least + least * part / 50;
            assertThat(rests.stream().filter(rest -> rest >= from && rest < from + least / 50))
                    .as("fifth %d", part)
                    .hasSizeBetween(130, 280);
        }
    }

    @Test
    void lossesInARowRestLongerAndLongerButAtMostAMinute() {
        assertThat(IntStream.range(0, 9).mapToLong(Backoff::afterLosses).boxed())
                .containsExactly(0L, 1_000L, 2_250L, 5_062L, 11_390L, 25_628L, 57_665L, 57_665L, 57_665L);
    }
}
