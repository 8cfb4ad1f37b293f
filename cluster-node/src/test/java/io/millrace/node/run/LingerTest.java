package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class LingerTest {
    private final MovableClock clock = new MovableClock(0);
    private final Linger linger = new Linger(clock, Instant.ofEpochMilli(10_000), Duration.ofSeconds(1));
    private final IntConsumer took = linger.reading();

    @Test
    void aRunThatFindsNothingEndsWhenItsPatienceDoes() {
        clock.plus(999);
        assertThat(linger.isOver()).isFalse();
        assertThat(linger.left()).isEqualTo(Duration.ofMillis(10));
        clock.plus(1);
        assertThat(linger.isOver()).isTrue();
        assertThat(linger.isStopped()).isFalse();
    }

    @Test
    void somethingReadBeginsThePatienceAnew() {
        clock.plus(900);
        took.accept(1);
        linger.done(1);
        clock.plus(900);
        assertThat(linger.isOver()).isFalse();
        assertThat(linger.left()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aSlowHandlerIsNoQuiet() {
        took.accept(2);
        clock.plus(5_000);
        assertThat(linger.isOver()).isFalse();
        assertThat(linger.left()).isEqualTo(Duration.ofSeconds(1));
        linger.done(1);
        clock.plus(2_000);
        assertThat(linger.isOver()).isFalse();
        linger.done(1);
        assertThat(linger.isOver()).isFalse();
        clock.plus(1_000);
        assertThat(linger.isOver()).isTrue();
    }

    @Test
    void nothingIsReadAtOrAfterTheLimitWhateverIsInWork() {
        took.accept(1);
        clock.plus(9_995);
        assertThat(linger.isOver()).isFalse();
        assertThat(linger.left()).isEqualTo(Duration.ofMillis(10));
        clock.plus(5);
        assertThat(linger.isStopped()).isTrue();
        assertThat(linger.isOver()).isTrue();
    }

    @Test
    void aRunThatIsToldToStopIsOver() {
        linger.stop();
        assertThat(linger.isStopped()).isTrue();
        assertThat(linger.isOver()).isTrue();
    }

    @Test
    void whatAFeedOfBeforeStillReadsKeepsNobodyWaiting() {
        linger.again();
        took.accept(3); // its read was under way

        linger.reading().accept(1);
        linger.done(1);
        clock.plus(1_000);

        assertThat(linger.isOver()).isTrue();
    }
}
