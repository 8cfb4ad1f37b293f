package io.millrace.protocol.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.protocol.Problem.InputError;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Ramp RAMP = new Ramp(100L, 1_100L, Duration.ofSeconds(10));

    @Test
    void theLimitGrowsEvenlyAndThenThereIsNone() {
        assertThat(RAMP.rate(0)).isEqualTo(100);
        assertThat(RAMP.rate(-5)).isEqualTo(100);
        assertThat(RAMP.rate(5_000)).isEqualTo(600);
        assertThat(RAMP.events(10_000)).isEqualTo(6_000);
        assertThat(RAMP.after(0)).isEqualTo(RAMP);
        assertThat(RAMP.after(4_000)).isEqualTo(new Ramp(500L, 1_100L, Duration.ofSeconds(6)));
        assertThat(RAMP.after(10_000)).isNull();
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(RAMP.errors("/rate")).isEmpty();
        assertThat(new Ramp(1L, 1L, Duration.ofHours(24)).errors("/rate")).isEmpty();
        assertThat(new Ramp(0L, 2_000_000L, Duration.ofMillis(999)).errors("/rate"))
                .extracting(InputError::pointer)
                .containsExactly("/rate/from", "/rate/to", "/rate/over");
        assertThat(new Ramp(5L, 4L, Duration.ofHours(25)).errors("/rate"))
                .extracting(InputError::pointer)
                .containsExactly("/rate/to", "/rate/over");
    }

    @Test
    void whatNobodyTookIsLostButForATenthOfASecond() {
        Pace pace = new Pace(new Ramp(1_000L, 1_000L, Duration.ofHours(1)), 50);

        assertThat(pace.take(500, 50)).isZero();
        assertThat(pace.delay(500, 50)).isEqualTo(100);
        assertThat(pace.delay(20, 50)).isEqualTo(20);
        assertThat(pace.take(500, 60_050)).isEqualTo(100);
        assertThat(pace.take(500, 60_050)).isZero();
        pace.giveBack(60);
        assertThat(pace.take(500, 60_050)).isEqualTo(60);
    }

    @Test
    void oneEventASecondIsOneEventASecond() {
        Pace pace = new Pace(new Ramp(1L, 1L, Duration.ofMinutes(1)), 0);
        int taken = 0;
        for (long now = 0; now < 30_000; now += pace.delay(1_000, now)) {
            taken += pace.take(1_000, now);
        }
        assertThat(taken).isBetween(29, 30);
    }

    @Test
    void afterwardsAllIsAllowed() {
        Pace pace = new Pace(RAMP, 0);

        assertThat(pace.take(1_000_000, 9_999)).isLessThan(120);
        assertThat(pace.take(1_000_000, 10_000)).isEqualTo(1_000_000);
    }

    /** However it is asked, it gives what it may, and to who asks all the time nearly all of that. */
    @Property
    void givesNoMoreThanTheRampAllowsAndToWhoIsDiligentNearlyAll(
            @ForAll @LongRange(min = 1, max = 5_000) long from,
            @ForAll @LongRange(min = 0, max = 5_000) long more,
            @ForAll @IntRange(min = 1, max = 2_000) int batch) {
        Ramp ramp = new Ramp(from, from + more, Duration.ofSeconds(20));
        Pace pace = new Pace(ramp, 7);
        double taken = 0;
        long now = 7;
        while (now < 15_007) {
            int given = pace.take(batch, now);
            taken += given;
            assertThat(taken).isLessThanOrEqualTo(ramp.events(now - 7) + 0.001);
            now += given == batch ? 0 : pace.delay(batch, now);
        }
        double allowed = ramp.events(15_000);
        assertThat(taken).isCloseTo(allowed, within(Math.max(3, allowed * 0.05)));
    }
}
