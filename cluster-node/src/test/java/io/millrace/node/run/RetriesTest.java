package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.application.Outcome;
import io.millrace.protocol.ProblemType;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {
    private final MovableClock clock = new MovableClock(0);
    private final Retries retries = new Retries(clock, Instant.ofEpochMilli(1_000));
    private final AtomicInteger tries = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(names = {"TOO_MANY_REQUESTS", "UNAVAILABLE", "UNKNOWN_OUTCOME"})
    void whatMaySucceedLaterIsRepeated(ProblemType type) {
        assertThat(await(repeat(type, type))).isEqualTo("done");
        assertThat(tries).hasValue(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"STALE_RUN", "QUEUE_ARCHIVED", "CONFLICT", "CHECKPOINT_BACKWARDS"})
    void whatCannotSucceedIsNot(ProblemType type) {
        assertThatThrownBy(() -> await(repeat(type)))
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("scripted");
        assertThat(tries).hasValue(1);
    }

    @Test
    void anAnswerThatDidntComeIsAskedForAgain() {
        CompletionStage<String> result = retries.repeat(() -> tries.incrementAndGet() == 1
                ? CompletableFuture.failedStage(new TimeoutException("late"))
                : CompletableFuture.completedStage(Outcome.done("done")));

        assertThat(await(result)).isEqualTo("done");
    }

    @Test
    void aFailureThatNobodyForesawIsNot() {
        assertThatThrownBy(() -> await(retries.repeat(() -> {
                    tries.incrementAndGet();
                    return CompletableFuture.failedStage(new IllegalStateException("bug"));
                })))
                .hasRootCauseMessage("bug");
        assertThat(tries).hasValue(1);
    }

    @Test
    void nothingIsRepeatedPastTheDeadline() {
        clock.plus(985);
        assertThatThrownBy(() -> await(repeat(ProblemType.UNAVAILABLE))).hasMessageContaining("scripted");
        assertThat(tries).hasValue(1);
    }

    @Test
    void nothingIsBegunOrRepeatedOnceClosed() {
        CompletionStage<String> under = retries.repeat(() -> {
            tries.incrementAndGet();
            retries.close();
            return CompletableFuture.completedStage(Outcome.refused(ProblemType.UNAVAILABLE, "scripted"));
        });

        assertThatThrownBy(() -> await(under)).hasMessageContaining("ended from outside");
        assertThatThrownBy(() -> await(repeat())).hasMessageContaining("ended from outside");
        assertThat(tries).hasValue(1);
    }

    private CompletionStage<String> repeat(ProblemType... refusals) {
        Deque<ProblemType> left = new ArrayDeque<>(List.of(refusals));
        return retries.repeat(() -> {
            tries.incrementAndGet();
            return CompletableFuture.completedStage(
                    left.isEmpty() ? Outcome.done("done") : Outcome.refused(left.removeFirst(), "scripted"));
        });
    }

    private static String await(CompletionStage<String> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
