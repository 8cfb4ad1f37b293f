package io.millrace.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
    @ParameterizedTest
    @CsvSource({"5, 0, true", "4, 0, false", "6, 0, false", "5, 1, false"})
    void onlyAllEventsInTheirPlacesAreRight(long events, long misplaced, boolean ok) {
        Result result = new Reading(events, misplaced).tell(new Result("W2", 1), 5);

        assertThat(result.isOk()).isEqualTo(ok);
        assertThat(result.fields()).containsEntry("outOfOrder", misplaced);
    }
}
