package io.millrace.node.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A cluster under faults. Without more: a selection, 5 minutes in all. {@code -Pfaults} plays every kind, for {@code
 * -Dmillrace.faults.minutes=30}; {@code -Dmillrace.faults.seed=} repeats a run's choices.
 */
class FaultsIT {
    /** What takes long by its nature is left to the long run. */
    private static final String SHORT = "^(?!.*( 30 s|disk full|shrink|25 s|rolling))";

    private static final Duration SELECTION = Duration.ofSeconds(150);

    @Test
    void noFaultBreaksAPromise() throws InterruptedException {
        long seed = Long.getLong("millrace.faults.seed", new Random().nextInt(1_000_000));
        Integer minutes = Integer.getInteger("millrace.faults.minutes");
        FaultRun.Options options = minutes == null
                ? new FaultRun.Options(seed, SELECTION, SHORT, 3)
                : new FaultRun.Options(seed, Duration.ofMinutes(minutes), "", 3);

        FaultReport report = FaultRun.run(options);

        assertThat(report.isGood()).as(report.text()).isTrue();
    }
}
