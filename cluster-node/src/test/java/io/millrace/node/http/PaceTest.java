package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.http.Pace.Late;
import io.millrace.node.settings.HttpSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace(
            new HttpSettings.Connections(
                    1, Duration.ofSeconds(10), Duration.ofSeconds(75), Duration.ofSeconds(5), 1_000),
            0);

    @Test
    void aConnectionWithoutARequestIsLateWhenItsHeadWouldBe() {
        assertThat(pace.late(10 * SECOND)).isNull();
        assertThat(pace.late(10 * SECOND + 1)).isEqualTo(Late.HEAD);
    }

    @Test
    void bytesThatDripDoNotMoveTheDeadlineOfTheFirstHead() {
        for (int second = 1; second <= 10; second++) {
            pace.received(second * SECOND);
        }

        assertThat(pace.late(11 * SECOND)).isEqualTo(Late.HEAD);
    }

    @Test
    void theNextHeadHasItsTimeFromItsFirstByte() {
        pace.requested();
        pace.answered(20 * SECOND);
        pace.received(50 * SECOND);
        pace.received(59 * SECOND);

        assertThat(pace.late(60 * SECOND)).isNull();
        assertThat(pace.late(60 * SECOND + 1)).isEqualTo(Late.HEAD);
    }

    @Test
    void aConnectionThatRestsIsLateAfterItsLastAnswer() {
        pace.requested();
        pace.answered(20 * SECOND);

        assertThat(pace.late(95 * SECOND)).isNull();
        assertThat(pace.late(95 * SECOND + 1)).isEqualTo(Late.IDLE);
        assertThat(pace.isQuiet()).isTrue();
    }

    @Test
    void aRequestInWorkIsNeverLateHere() {
        pace.requested();
        pace.received(5 * SECOND);

        assertThat(pace.late(1_000 * SECOND)).isNull();
        assertThat(pace.isQuiet()).isFalse();
    }

    @Test
    void anAnswerHasTimeByItsSize() {
        pace.requested();
        pace.sending(2_000, 0);
        pace.answered(1);

        assertThat(pace.late(7 * SECOND)).isNull();
        assertThat(pace.late(7 * SECOND + 1)).isEqualTo(Late.ANSWER);
        pace.sent(8 * SECOND);
        assertThat(pace.late(8 * SECOND + 1)).isNull();
        assertThat(pace.late(83 * SECOND + 1)).as("rests since it was taken").isEqualTo(Late.IDLE);
    }

    @Test
    void anAnswerThatEndsAfterTheNextRequestCameLeavesThatInWork() {
        pace.requested();
        pace.requested();
        pace.answered(SECOND);

        assertThat(pace.late(1_000 * SECOND)).isNull();
    }
}
