package io.millrace.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

    private final RestartBudget budget = new RestartBudget();

    @Test
    void waitsTwiceAsLongEachTimeAndEndsAfterFiveWithinAMinute() {
        for (long expected : new long[] {500, 1_000, 2_000, 4_000, 8_000}) {
            assertThat(budget.take(seconds(10))).isEqualTo(OptionalLong.of(expected));
        }
        assertThat(budget.take(seconds(69))).isEmpty();
    }

    @Test
    void whatWasSpentAMinuteAgoIsForgotten() {
        for (int second = 0; second < RestartBudget.PER_MINUTE; second++) {
            budget.take(seconds(second));
        }

        assertThat(budget.take(seconds(60))).isEqualTo(OptionalLong.of(8_000));
        assertThat(budget.take(seconds(60))).isEmpty();
        assertThat(budget.take(seconds(200))).isEqualTo(OptionalLong.of(500));
    }

    private static long seconds(int seconds) {
        // An arbitrary start, also beyond the point where System.nanoTime() would wrap around.
        return Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5) + TimeUnit.SECONDS.toNanos(seconds);
    }
}
