package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Correlation;
import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.handler.Emitter;
import io.millrace.protocol.http.RunProtocol;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a run does with a handler of windows. */
class WindowsTest extends RunScene {
    /** Emits how many events a window of ten at most has had. */
    private static final WindowHandler TENS = windows(10, Long.MAX_VALUE);

    private static WindowHandler windows(int size, long end) {
        return first -> new WindowHandler.Window() {
            private int events;

            @Override
            public boolean takes(Event next) {
                return true;
            }

            @Override
            public void add(Event event) {
                events++;
            }

            @Override
            public boolean isOver(long emptySince) {
                return events == size || emptySince >= end;
            }

            @Override
            public void emit(Emitter out) {
                out.emit("b", events);
            }
        };
    }

    @Test
    void shouldEmitWholeWindowsAndLeaveTheOpenOneToTheNextRun() {
        queues.put("a", 4);
        reading = Duration.ofSeconds(2);

        start(TENS);
        Awaitility.await().until(() -> queues.events("a").size() == 4);
        queues.put("a", 21);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("10", "10");
        assertThat(queues.appendCount())
                .as("the windows of one batch share an append")
                .isLessThanOrEqualTo(2);
        List<Event> read = queues.events("a");
        assertThat(queues.events("b").get(1).correlation())
                .isEqualTo(Correlation.of("a", read.get(10).eid(), read.get(19).eid(), 10));
        assertThat(reached()).isEqualTo(Position.of(read.get(19).eid()));
    }

    @Test
    void shouldCloseAWindowWhenNothingMoreComes() {
        queues.put("a", 4);

        start(windows(10, System.currentTimeMillis() + 500));

        awaitEnd();
        assertThat(queues.payloads("b")).containsExactly("4");
        assertThat(reached()).isEqualTo(Position.of(last("a").eid()));
    }

    @Test
    void shouldEndAWindowWhereAnEarlierRunsOneWasWritten() {
        queues.put("a", 20);
        reading = Duration.ofSeconds(3);
        queues.overlaps.add(new Problem.Overlap("a", queues.events("a").get(3).eid()));

        start(TENS);

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).containsExactly("4", "10");
        assertThat(reached()).isEqualTo(Position.of(queues.events("a").get(13).eid()));
    }

    @Test
    void shouldSayThatARunWasTooShortForAWindow() {
        queues.put("a", 4);
        reading = Duration.ofMillis(300);

        start(windows(10, System.currentTimeMillis() + 250)); // over before the run's time, but no read says so

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.ERROR);
        assertThat(completed().message()).contains("maxDuration");
        assertThat(queues.payloads("b")).isEmpty();
    }
}
