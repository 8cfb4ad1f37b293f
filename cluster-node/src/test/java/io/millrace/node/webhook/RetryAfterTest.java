package io.millrace.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0.1S",
                "1 | PT1S",
                " 120  | PT2M",
                "3600 | PT1H",
                "86400 | PT1H",
                "99999999999999999999999 | PT1H",
                "Sun, 06 Nov 1994 08:49:37 GMT | PT37S",
                "Sun Nov  6 08:49:37 1994 | PT37S",
                "Sun, 06 Nov 1994 08:00:00 GMT | PT0.1S",
                "Tue, 08 Nov 1994 08:49:37 GMT | PT1H"
            })
    void secondsAndDatesAreTakenWithinBounds(String field, Duration expected) {
        assertThat(RetryAfter.parse(field, NOW)).contains(expected);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "-1", "1.5", "soon", "PT5S", "Sun, 06 Nov 1994", "١٢", "0x10"})
    void whatHasNoneOfTheFormsIsNone(@Nullable String field) {
        assertThat(RetryAfter.parse(field, NOW)).isEmpty();
    }
}
