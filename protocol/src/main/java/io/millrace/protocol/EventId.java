package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The id of an event: the millisecond in which it entered its queue, and its position in that millisecond.
 *
 * <p>As text {@code z/YYYY/MM/DD/HH/mm/<13-digit epoch ms>-<7-digit position>} in UTC, after RStreams. Ids order as
 * strings as they order in time, so that any prefix of an id is a position before all that it prefixes.
 *
 * @param millis milliseconds since the epoch, 0 to {@link #MAX_MILLIS}
 * @param position position in that millisecond, 0 to 9,999,999
 */
public record EventId(long millis, int position) implements Comparable<EventId> {
    /** Length of an id as text, in characters. */
    public static final int LENGTH = 40;

    /** The last millisecond that thirteen digits can tell, in the year 2286. */
    public static final long MAX_MILLIS = 9_999_999_999_999L;

    /** How many positions one millisecond has. */
    public static final int POSITIONS_PER_MILLI = 10_000_000;

    /** Before all events. */
    public static final EventId MIN = new EventId(0, 0);

    /** The last that there is. */
    public static final EventId MAX = new EventId(MAX_MILLIS, POSITIONS_PER_MILLI - 1);

    /** @throws IllegalArgumentException if either part is out of its range */
    public EventId {
        if (millis < 0 || millis > MAX_MILLIS || position < 0 || position >= POSITIONS_PER_MILLI) {
            throw new IllegalArgumentException("event id out of range: " + millis + "-" + position);
        }
    }

    /**
     * Parses the full text form.
     *
     * @throws IllegalArgumentException if the text isn't an id, or its date and its milliseconds disagree
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static EventId parse(String text) {
        if (text.length() == LENGTH && text.charAt(32) == '-') {
            long millis = digits(text, 19, 32);
            long position = digits(text, 33, LENGTH);
            if (millis >= 0 && position >= 0) {
                EventId id = new EventId(millis, (int) position);
                if (id.toString().equals(text)) {
                    return id;
                }
            }
        }
        throw new IllegalArgumentException("not an event id (z/YYYY/MM/DD/HH/mm/<13 digits>-<7 digits>)");
    }

    private static long digits(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /**
     * The id that follows this one in its queue for an event that enters at {@code nowMillis}: that millisecond's first
     * position, or, when the clock stands or went back, the next position after this (a full millisecond spills into the
     * next one).
     */
    public EventId next(long nowMillis) {
        return nowMillis > millis ? new EventId(nowMillis, 0) : plus(1);
    }

    /** The id {@code n} positions further on (or back, where negative), spilling into the neighbouring milliseconds. */
    public EventId plus(long n) {
        long sum = position + n;
        return new EventId(millis + Math.floorDiv(sum, POSITIONS_PER_MILLI), Math.floorMod(sum, POSITIONS_PER_MILLI));
    }

    /** How many positions this id lies after {@code first}, for ids of one contiguous run. */
    public long minus(EventId first) {
        return (millis - first.millis) * POSITIONS_PER_MILLI + position - first.position;
    }

    @Override
    public int compareTo(EventId other) {
        int byMillis = Long.compare(millis, other.millis);
        return byMillis != 0 ? byMillis : Integer.compare(position, other.position);
    }

    public boolean isAfter(EventId other) {
        return compareTo(other) > 0;
    }

    /** Writes the {@link #LENGTH} characters of the text form as ASCII. */
    public void writeTo(byte[] target, int offset) {
        // Days to date after Howard Hinnant's civil_from_days; java.time costs ten times as much and this runs per
        // event.
        long minutes = Math.floorDiv(millis, 60_000L);
        long days = minutes / 1_440;
        int minuteOfDay = (int) (minutes % 1_440);
        long shifted = days + 719_468;
        long era = shifted / 146_097;
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = (int) (dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        int month = (int) (monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        target[offset] = 'z';
        target[offset + 1] = '/';
        number(target, offset + 2, 4, year);
        target[offset + 6] = '/';
        number(target, offset + 7, 2, month);
        target[offset + 9] = '/';
        number(target, offset + 10, 2, day);
        target[offset + 12] = '/';
        number(target, offset + 13, 2, minuteOfDay / 60);
        target[offset + 15] = '/';
        number(target, offset + 16, 2, minuteOfDay % 60);
        target[offset + 18] = '/';
        number(target, offset + 19, 13, millis);
        target[offset + 32] = '-';
        number(target, offset + 33, 7, position);
    }

    private static void number(byte[] target, int offset, int width, long value) {
        long rest = value;
        for (int i = offset + width - 1; i >= offset; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    @Override
    @JsonValue
    public String toString() {
        byte[] text = new byte[LENGTH];
        writeTo(text, 0);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
