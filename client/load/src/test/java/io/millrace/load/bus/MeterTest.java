package io.millrace.load.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void whatThisProcessUsesIsTheClients() {
        Meter meter = Meter.start(Pids.NONE);
        double before = ProcFs.cpuSeconds(SELF);
        long sum = 0;
        while (ProcFs.cpuSeconds(SELF) < before + 0.1) {
            for (int i = 0; i < 1_000_000; i++) {
                sum += Long.hashCode(sum + i);
            }
        }
        Usage usage = meter.stop();

        // Ten ticks of a hundredth; as differences of doubles they may be a hair less than 0.1.
        assertThat(usage.clientCpu()).as("checksum %d", sum).isBetween(0.095, 60.0);
        assertThat(usage.nodeCpu()).isZero();
        assertThat(usage.knowsBus()).isFalse();
        assertThat(usage.seconds()).isPositive();
    }

    @Test
    void processesThatAreGoneHaveUsedNothing() {
        Usage usage = Meter.start(new Pids(List.of(Long.MAX_VALUE), List.of())).stop();

        assertThat(usage.nodeCpu()).isZero();
        assertThat(usage.serverRssMb()).isZero();
    }

    @Test
    void aProcessHasMemoryFilesAndArguments() {
        assertThat(ProcFs.rssMb(SELF)).isPositive();
        assertThat(ProcFs.openFiles(SELF)).isPositive();
        assertThat(ProcFs.arguments(SELF)).anyMatch(argument -> argument.contains("java"));
        assertThat(ProcFs.everyone()).containsKey(SELF);
    }
}
