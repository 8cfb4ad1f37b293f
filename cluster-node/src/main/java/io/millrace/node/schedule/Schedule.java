package io.millrace.node.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a bot is to run: a cron text in a time zone. Its <em>slots</em> are moments on whole seconds, strictly increasing.
 *
 * <p>Where clocks change, it does what people know from cron. A schedule whose hours are {@code *} goes on by elapsed time: an
 * hour that comes twice has its slots twice, one that is left out has none. All others name times of the day: one that
 * comes twice is a slot the first time only, and those that are left out are one slot at the end of the gap.
 *
 * <p>Immutable.
 */
public final class Schedule {
    /** A slot further away than this is none. Leap days are up to eight years apart. */
    public static final Duration HORIZON = Duration.ofDays(3_653);

    private static final int FIVE = 5;

    private final CronText cron;
    private final ZoneRules zone;

    private Schedule(CronText cron, ZoneRules zone) {
        this.cron = cron;
        this.zone = zone;
    }

    /**
     * Reads one.
     *
     * @param cron five fields, or six with the seconds first; at most 200 characters
     * @param timeZone a name of the tz database such as {@code Europe/Berlin}; null for UTC
     * @throws InvalidScheduleException with a pointer to {@code /schedule} or {@code /timeZone}
     */
    public static Schedule of(String cron, @Nullable String timeZone) throws InvalidScheduleException {
        return new Schedule(CronText.read(cron), rules(timeZone));
    }

    private static ZoneRules rules(@Nullable String timeZone) throws InvalidScheduleException {
        if (timeZone == null) {
            return ZoneOffset.UTC.getRules();
        }
        if (!ZoneId.getAvailableZoneIds().contains(timeZone)) {
            throw new InvalidScheduleException(
                    "/timeZone", "must be a name of the tz database, such as UTC or Europe/Berlin");
        }
        return ZoneId.of(timeZone).getRules();
    }

    /** {@return the first slot after a moment; empty if none comes within {@link #HORIZON}} */
    public Optional<Instant> next(Instant after) {
        Instant second = after.truncatedTo(ChronoUnit.SECONDS);
        Optional<Instant> next = cron.isEveryHour() ? nextElapsed(second) : nextNamed(second);
        return next.filter(slot -> isNear(slot, after));
    }

    /** {@return up to five slots after a moment, in order} */
    public List<Instant> nextFive(Instant after) {
        List<Instant> slots = new ArrayList<>(FIVE);
        Optional<Instant> slot = next(after);
        while (slot.isPresent()) {
            slots.add(slot.get());
            slot = slots.size() < FIVE ? next(slot.get()) : Optional.empty();
        }
        return slots;
    }

    /**
     * {@return the last slot after a moment up to another one, that included; empty if there is none} Takes some dozens of
     * steps at most, however many slots lie between.
     */
    public Optional<Instant> last(Instant after, Instant until) {
        Instant from = after;
        Instant to = until;
        Optional<Instant> last = Optional.empty();
        for (Optional<Instant> slot = next(from);
                slot.isPresent() && !slot.get().isAfter(until); ) {
            last = slot;
            slot = next(slot.get());
            if (slot.isPresent() && !slot.get().isAfter(until)) {
                // Whatever half holds the last one: slots after the middle, if there are any, else those before it.
                from = slot.get();
                Instant middle = from.plus(Duration.between(from, to).dividedBy(2));
                Optional<Instant> later = next(middle);
                if (later.isPresent() && !later.get().isAfter(until)) {
                    slot = later;
                } else {
                    to = middle;
                }
            }
        }
        return last;
    }

    /** Time as it passes: within the span of one offset the local times follow each other. */
    private Optional<Instant> nextElapsed(Instant after) {
        ZoneOffset offset = zone.getOffset(after);
        LocalDateTime from = LocalDateTime.ofInstant(after, offset);
        ZoneOffsetTransition change = zone.nextTransition(after);
        while (true) {
            Optional<LocalDateTime> local = nextLocal(from);
            if (local.isEmpty()) {
                return Optional.empty();
            }
            Instant slot = local.get().toInstant(offset);
            if (change == null || slot.isBefore(change.getInstant()) || !isNear(slot, after)) {
                return Optional.of(slot);
            }
            offset = change.getOffsetAfter();
            from = change.getDateTimeAfter().minusSeconds(1);
            change = zone.nextTransition(change.getInstant());
        }
    }

    /** Times of the day: each is one moment, and no later time is an earlier one. */
    private Optional<Instant> nextNamed(Instant after) {
        ZoneOffset offset = zone.getOffset(after);
        LocalDateTime from = LocalDateTime.ofInstant(after, offset);
        ZoneOffsetTransition change = zone.getTransition(from);
        if (change != null && change.isOverlap() && offset.equals(change.getOffsetAfter())) {
            from = change.getDateTimeBefore().minusSeconds(1); // they were slots the first time
        }
        Optional<LocalDateTime> local = nextLocal(from);
        while (local.isPresent() && !moment(local.get()).isAfter(after)) {
            local = nextLocal(local.get());
        }
        return local.map(this::moment);
    }

    private Instant moment(LocalDateTime local) {
        List<ZoneOffset> offsets = zone.getValidOffsets(local);
        return offsets.isEmpty() ? zone.getTransition(local).getInstant() : local.toInstant(offsets.get(0));
    }

    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        return cron.times().nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    private static boolean isNear(Instant slot, Instant after) {
        return Duration.between(after, slot).compareTo(HORIZON) <= 0;
    }
}
