package io.millrace.node.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.faults.scale.ScaleRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 10,000 queues and 10,000 bots on three nodes with a heap of 384 MB each. Takes minutes: profile {@code faults}. */
@Tag("faults")
class ScaleOfNamesIT {
    private static final int PAIRS = Integer.getInteger("millrace.scale.pairs", 10_000);
    private static final int EVENTS = 1_000;

    @Test
    void allRestWithinTheHeapAndAnEventWakesItsBotAfterAColdRestart() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());

        ScaleRun.Figures figures =
                ScaleRun.run(PAIRS, EVENTS, seed, Path.of("target", "scale").toAbsolutePath());

        assertThat(figures.crashes())
                .as("nodes that ended by themselves, seed %s", seed)
                .isZero();
        assertThat(figures.handled()).as("events handled, seed %s", seed).isEqualTo(Math.min(EVENTS, PAIRS));
        assertThat(figures.bytesPerPair(PAIRS))
                .as("bytes at rest of a queue and its bot")
                .isLessThan(2_000);
    }
}
