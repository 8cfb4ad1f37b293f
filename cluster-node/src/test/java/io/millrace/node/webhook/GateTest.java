package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate(1, 2);

    @Test
    void whoComesFirstGoesFirst() {
        CompletableFuture<Boolean> first = gate.enter();
        CompletableFuture<Boolean> second = gate.enter();
        CompletableFuture<Boolean> third = gate.enter();

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        gate.leave();
        assertThat(second).isCompleted();
        assertThat(third).isNotDone();
        assertThat(gate.taken()).isEqualTo(1);
        assertThat(gate.waiting()).isEqualTo(1);
    }

    @Test
    void whoIsOneTooManyIsRefusedAtOnce() {
        List<CompletableFuture<Boolean>> all = List.of(gate.enter(), gate.enter(), gate.enter());

        assertThat(all).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(gate.enter()).isCompletedExceptionally();
    }

    @Test
    void whoHasGoneTakesNoPlace() {
        assertThat(gate.enter()).isCompleted();
        CompletableFuture<Boolean> gone = gate.enter();
        CompletableFuture<Boolean> waits = gate.enter();
        gone.cancel(false);

        gate.leave();
        assertThat(waits).isCompleted();
        gate.leave();
        assertThat(gate.taken()).isZero();
        assertThat(gate.enter()).isCompleted();
    }
}
