package io.millrace.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageWarningsTest {
    private final List<String> lines = new ArrayList<>();
    private long now = -5_000;
    private final OutageWarnings warnings = new OutageWarnings(() -> now, (log, line) -> lines.add(line));

    @Test
    void aLineASecondTellsOfAll() {
        for (int i = 0; i < 100; i++) {
            fail("queue|" + i);
        }
        now += OutageWarnings.PAUSE_MILLIS;
        fail("bot|b");
        now += OutageWarnings.PAUSE_MILLIS;
        fail("bot|c");

        assertThat(lines)
                .containsExactly(
                        "queue|0 failed (java.lang.IllegalStateException: away); claiming it again in PT0.2S",
                        "bot|b failed (java.lang.IllegalStateException: away); claiming it again in PT0.2S;"
                                + " 99 more such failures since the last line",
                        "bot|c failed (java.lang.IllegalStateException: away); claiming it again in PT0.2S");
    }

    private void fail(String log) {
        warnings.failed(
                log, new RuntimeException("wrapped", new IllegalStateException("away")), Duration.ofMillis(200));
    }
}
