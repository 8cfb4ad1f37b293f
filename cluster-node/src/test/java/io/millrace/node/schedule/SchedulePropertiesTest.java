package io.millrace.node.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Slots against a calendar that goes through the minutes one by one. */
class SchedulePropertiesTest {
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Santiago",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "America/St_Johns");

    /** A schedule and what it means; null is every value. */
    record Times(List<Integer> minutes, List<Integer> hours, List<Integer> days, List<Integer> weekdays) {
        String cron() {
            return field(minutes) + " " + field(hours) + " " + field(days) + " * " + field(weekdays);
        }

        private static String field(List<Integer> values) {
            return values.isEmpty() ? "*" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        boolean names(LocalDateTime time) {
            boolean day = days.contains(time.getDayOfMonth());
            boolean weekday = weekdays.contains(time.getDayOfWeek().getValue() % 7);
            return isOneOf(minutes, time.getMinute())
                    && isOneOf(hours, time.getHour())
                    && (days.isEmpty() ? weekdays.isEmpty() || weekday : day || weekday);
        }

        private static boolean isOneOf(List<Integer> values, int value) {
            return values.isEmpty() || values.contains(value);
        }
    }

    @Provide
    Arbitrary<Times> times() {
        return Combinators.combine(some(0, 59, 4, 0.1), some(0, 23, 4, 0.4), some(1, 31, 6, 0.6), some(0, 6, 3, 0.6))
                .as(Times::new);
    }

    private static Arbitrary<List<Integer>> some(int least, int greatest, int most, double all) {
        Arbitrary<List<Integer>> values = Arbitraries.integers()
                .between(least, greatest)
                .list()
                .ofMinSize(1)
                .ofMaxSize(most)
                .map(list -> List.copyOf(new TreeSet<>(list)));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of((int) (all * 10), Arbitraries.just(List.of())),
                net.jqwik.api.Tuple.of(10 - (int) (all * 10), values));
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of(ZONES);
    }

    /** Moments near those at which clocks change, and others. */
    @Provide
    Arbitrary<Instant> moments() {
        Arbitrary<Instant> any = Arbitraries.longs()
                .between(
                        Instant.parse("2025-01-01T00:00:00Z").getEpochSecond(),
                        Instant.parse("2032-01-01T00:00:00Z").getEpochSecond())
                .map(Instant::ofEpochSecond);
        Arbitrary<Instant> changes = Combinators.combine(
                        any, zones(), Arbitraries.longs().between(-100_000, 10_000))
                .as((moment, zone, offset) -> {
                    var change = ZoneId.of(zone).getRules().nextTransition(moment);
                    return (change == null ? moment : change.getInstant()).plusSeconds(offset);
                });
        return Arbitraries.oneOf(any, changes);
    }

    @Property(tries = 400)
    void slotsAreThoseOfACalendar(
            @ForAll("times") Times times, @ForAll("zones") String zone, @ForAll("moments") Instant from) {
        Schedule schedule = ScheduleTest.schedule(times.cron(), zone);
        Instant until = from.plus(Duration.ofDays(3));

        assertThat(between(schedule, from, until))
                .as(times.cron() + " in " + zone)
                .containsExactlyElementsOf(calendar(times, ZoneId.of(zone), from, until));
    }

    @Property(tries = 400)
    void slotsStrictlyIncreaseAndEachIsFoundFromWhereverOneLooks(
            @ForAll("times") Times times, @ForAll("zones") String zone, @ForAll("moments") Instant from) {
        Schedule schedule = ScheduleTest.schedule(times.cron(), zone);

        Instant before = from;
        for (Instant slot : schedule.nextFive(from)) {
            assertThat(slot).isAfter(before);
            assertThat(schedule.next(slot.minusMillis(1))).contains(slot);
            assertThat(schedule.next(before.plus(Duration.between(before, slot).dividedBy(2))))
                    .contains(slot);
            assertThat(schedule.last(before, slot)).contains(slot);
            assertThat(schedule.last(from, slot.plusMillis(1))).contains(slot);
            before = slot;
        }
    }

    @Property(tries = 400)
    void theLastSlotOfASpanIsTheLastOfAll(
            @ForAll("times") Times times, @ForAll("zones") String zone, @ForAll("moments") Instant from) {
        Schedule schedule = ScheduleTest.schedule(times.cron(), zone);
        Instant until = from.plus(Duration.ofDays(2));
        List<Instant> all = between(schedule, from, until);

        assertThat(schedule.last(from, until))
                .isEqualTo(all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1)));
    }

    private static List<Instant> between(Schedule schedule, Instant from, Instant until) {
        List<Instant> slots = new ArrayList<>();
        for (Optional<Instant> slot = schedule.next(from);
                slot.isPresent() && !slot.get().isAfter(until);
                slot = schedule.next(slot.get())) {
            slots.add(slot.get());
        }
        return slots;
    }

    private static List<Instant> calendar(Times times, ZoneId zone, Instant from, Instant until) {
        TreeSet<Instant> slots = new TreeSet<>();
        if (times.hours().isEmpty()) {
            for (Instant at = from.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
                    !at.isAfter(until);
                    at = at.plusSeconds(60)) {
                if (times.names(LocalDateTime.ofInstant(at, zone))) {
                    slots.add(at);
                }
            }
        } else {
            LocalDateTime last = LocalDateTime.ofInstant(until, zone).plusDays(1);
            for (LocalDateTime time = LocalDateTime.ofInstant(from, zone)
                            .minusDays(1)
                            .truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
                    time.isBefore(last);
                    time = time.plusMinutes(1)) {
                if (times.names(time)) {
                    var gap = zone.getRules().getTransition(time);
                    slots.add(
                            gap != null && gap.isGap()
                                    ? gap.getInstant()
                                    : time.toInstant(zone.getRules()
                                            .getValidOffsets(time)
                                            .get(0)));
                }
            }
        }
        return slots.stream()
                .filter(slot -> slot.isAfter(from) && !slot.isAfter(until))
                .toList();
    }
}
