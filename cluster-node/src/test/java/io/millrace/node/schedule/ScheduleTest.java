package io.millrace.node.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final Instant SUNDAY = Instant.parse("2026-11-22T05:30:00Z");

    static Schedule schedule(String cron, @Nullable String zone) {
        try {
            return Schedule.of(cron, zone);
        } catch (InvalidScheduleException e) {
            throw new AssertionError(cron + " in " + zone + ": " + e.detail(), e);
        }
    }

    private static List<String> five(String cron, @Nullable String zone, String after) {
        return schedule(cron, zone).nextFive(Instant.parse(after)).stream()
                .map(Instant::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *|2026-11-22T05:31:00Z",
                "*/1 * * * * *|2026-11-22T05:30:01Z",
                "0 9 * * MON-FRI|2026-11-23T09:00:00Z",
                "0 9 * * mon|2026-11-23T09:00:00Z",
                "0 0 * * 7|2026-11-29T00:00:00Z",
                "0 0 * * 0|2026-11-29T00:00:00Z",
                "0 0 0 ? * 2|2026-11-24T00:00:00Z",
                "0 0 L * *|2026-11-30T00:00:00Z",
                "0 0 29 2 *|2028-02-29T00:00:00Z",
                "15,45 6-8/2 * * *|2026-11-22T06:15:00Z",
                "  0   0  *  * *  |2026-11-23T00:00:00Z",
            })
    void theFirstSlotIsTheOneThatPeopleExpect(String cron, String first) {
        assertThat(schedule(cron, null).next(SUNDAY)).contains(Instant.parse(first));
    }

    @Test
    void twoRestrictedDaysAreAlternativesAsWithCron() {
        assertThat(five("0 0 13 * FRI", null, "2026-11-22T00:00:00Z"))
                .containsExactly(
                        "2026-11-27T00:00:00Z",
                        "2026-12-04T00:00:00Z",
                        "2026-12-11T00:00:00Z",
                        "2026-12-13T00:00:00Z",
                        "2026-12-18T00:00:00Z");
    }

    @Test
    void aTimeThatClocksLeaveOutIsOneSlotAtTheEndOfTheGap() {
        // Berlin, 2027-03-28: 02:00 is 03:00
        assertThat(five("*/20 2 * * *", "Europe/Berlin", "2027-03-27T02:00:00Z"))
                .containsExactly(
                        "2027-03-28T01:00:00Z",
                        "2027-03-29T00:00:00Z",
                        "2027-03-29T00:20:00Z",
                        "2027-03-29T00:40:00Z",
                        "2027-03-30T00:00:00Z");
    }

    @Test
    void aTimeThatComesTwiceIsASlotTheFirstTimeOnly() {
        // Berlin, 2026-10-25: 03:00 is 02:00
        assertThat(five("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z").subList(0, 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(schedule("30 2 * * *", "Europe/Berlin").next(Instant.parse("2026-10-25T01:10:00Z")))
                .contains(Instant.parse("2026-10-26T01:30:00Z"));
        assertThat(schedule("0,30 2,3 * * *", "Europe/Berlin").next(Instant.parse("2026-10-25T01:10:00Z")))
                .as("after the hour that came twice")
                .contains(Instant.parse("2026-10-25T02:00:00Z"));
    }

    @Test
    void aScheduleOfEveryHourGoesOnByElapsedTime() {
        assertThat(five("30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z"))
                .containsExactly(
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:30:00Z",
                        "2026-10-25T03:30:00Z",
                        "2026-10-25T04:30:00Z");
        assertThat(five("*/15 * * * *", "Europe/Berlin", "2027-03-28T00:31:00Z"))
                .containsExactly(
                        "2027-03-28T00:45:00Z",
                        "2027-03-28T01:00:00Z",
                        "2027-03-28T01:15:00Z",
                        "2027-03-28T01:30:00Z",
                        "2027-03-28T01:45:00Z");
        assertThat(five("0 * * * *", "Australia/Lord_Howe", "2026-10-03T13:00:00Z")
                        .subList(0, 4))
                .as("where clocks change by half an hour")
                .containsExactly(
                        "2026-10-03T13:30:00Z", "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z", "2026-10-03T17:00:00Z");
    }

    @Test
    void aDayThatBeginsInAGapHasItsMidnightAtTheGapsEnd() {
        // Cairo, 2027-04-30: 00:00 is 01:00
        assertThat(schedule("0 0 * * *", "Africa/Cairo").next(Instant.parse("2027-04-29T12:00:00Z")))
                .contains(Instant.parse("2027-04-29T22:00:00Z"));
    }

    @Test
    void theLastSlotOfALongTimeIsFoundInFewSteps() {
        Instant yearAgo = SUNDAY.minus(Duration.ofDays(365));
        assertThat(schedule("*/1 * * * * *", null).last(yearAgo, SUNDAY)).contains(SUNDAY);
        assertThat(schedule("*/1 * 3 * * *", null).last(yearAgo, SUNDAY))
                .contains(Instant.parse("2026-11-22T03:59:59Z"));
        assertThat(schedule("0 0 29 2 *", null).last(yearAgo, SUNDAY)).isEmpty();
        assertThat(schedule("0 0 1 1 *", null).last(yearAgo, SUNDAY)).contains(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2 ?"})
    void anImpossibleDateNeverComes(String cron) {
        assertThat(schedule(cron, null).next(SUNDAY)).isEmpty();
        assertThat(schedule(cron, "America/New_York").nextFive(SUNDAY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|must have 5 fields",
                "* * * *|must have 5 fields",
                "* * * * * * *|must have 5 fields",
                "@daily|must have 5 fields",
                "60 * * * *|the minute is none",
                "* 24 * * *|the hour is none",
                "* 22-2 * * *|the hour is none",
                "* * 0 * *|the day of month is none",
                "* * 32 * *|the day of month is none",
                "* * 31W * *|the day of month is none",
                "* * * 13 *|the month is none",
                "* * * * 8|the day of week is none",
                "61 * * * * *|the second is none",
                "* * * * monday|the day of week is none",
                "*/0 * * * *|the minute is none",
                "*/61 * * * *|the minute is none",
                "1,,2 * * * *|the minute is none",
                "-1 * * * *|the minute is none",
                "? * * * *|the minute is none",
                "0 0 L * 1|L and W",
                "${x} * * * *|the minute is none",
            })
    void whatCanNotBeReadIsRefusedWithItsField(String cron, String detail) {
        InvalidScheduleException refusal =
                catchThrowableOfType(InvalidScheduleException.class, () -> Schedule.of(cron, null));

        assertThat(refusal).as(cron).isNotNull();
        assertThat(refusal.pointer()).isEqualTo("/schedule");
        assertThat(refusal.detail()).startsWith(detail);
    }

    @Test
    void aLongTextIsRefused() {
        InvalidScheduleException refusal = catchThrowableOfType(
                InvalidScheduleException.class, () -> Schedule.of("1,".repeat(5_000) + "1 * * * *", null));

        assertThat(refusal.detail()).contains("at most 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Olympus", "berlin", "GMT+25", "../etc/passwd"})
    void anUnknownZoneIsRefused(String zone) {
        InvalidScheduleException refusal =
                catchThrowableOfType(InvalidScheduleException.class, () -> Schedule.of("* * * * *", zone));

        assertThat(refusal.pointer()).isEqualTo("/timeZone");
    }
}
