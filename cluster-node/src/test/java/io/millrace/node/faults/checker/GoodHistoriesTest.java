package io.millrace.node.faults.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoodHistoriesTest {
    private static final int HISTORIES = 60;

    @TempDir
    private Path directory;

    @Test
    void shouldFindNothingWrongWithWhatARightBusDid() {
        long start = new Random().nextLong();
        for (int i = 0; i < HISTORIES; i++) {
            long seed = start + i;
            Verdict verdict = ModelHistories.verdict(directory, ModelBus.run(seed, 20 + 5 * i));
            assertThat(verdict).as("seed %d, %s", seed, verdict).isInstanceOf(Verdict.Valid.class);
        }
    }
}
