package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a queue: an event id, or any prefix of one, which lies before all ids that it prefixes.
 *
 * <p>As a start it is exclusive: what is read after a position are the ids greater than it as strings, so after a full id
 * its successors, and after a prefix all ids that begin with it or come later.
 */
public final class Position {
    /** Before all events. */
    public static final Position BEGINNING = new Position("z/", EventId.MIN);

    private static final String SHAPE = "z/dddd/dd/dd/dd/dd/ddddddddddddd-ddddddd";

    private final EventId bound;

    /** Null where it is an id: a reader has a position with each event, and shows hardly any. */
    private final @Nullable String prefix;

    private Position(@Nullable String prefix, EventId bound) {
        this.prefix = prefix;
        this.bound = bound;
    }

    /** The position of an event: reading after it begins with its successor. */
    public static Position of(EventId id) {
        return new Position(null, id);
    }

    /**
     * Parses an id or a prefix of one, {@code z} being the shortest.
     *
     * @throws IllegalArgumentException if no id begins so
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Position parse(String text) {
        if (text.length() == EventId.LENGTH) {
            return of(EventId.parse(text));
        }
        EventId least = matchesShape(text) ? leastWithPrefix(text) : null;
        if (least == null) {
            throw new IllegalArgumentException("not an event id or a prefix of one (z/YYYY/MM/DD/HH/mm/...)");
        }
        return new Position(text, least);
    }

    private static boolean matchesShape(String text) {
        if (text.isEmpty() || text.length() > EventId.LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char expected = SHAPE.charAt(i);
            if (expected == 'd' ? c < '0' || c > '9' : c != expected) {
                return false;
            }
        }
        return true;
    }

    /** The least id that begins with {@code prefix}, or null if there is none. */
    private static @Nullable EventId leastWithPrefix(String prefix) {
        int year = Math.max(1970, least(prefix, 2, 4));
        if (year > 2286) {
            return null;
        }
        int month = Math.max(1, least(prefix, 7, 2));
        if (month > 12) {
            return null;
        }
        int day = Math.max(1, least(prefix, 10, 2));
        if (day > YearMonth.of(year, month).lengthOfMonth()) {
            return null;
        }
        int hour = least(prefix, 13, 2);
        int minute = least(prefix, 16, 2);
        if (hour > 23 || minute > 59) {
            return null;
        }
        long startOfMinute = LocalDate.of(year, month, day).atTime(hour, minute).toEpochSecond(ZoneOffset.UTC) * 1_000;
        long millis = Math.max(startOfMinute, leastLong(prefix, 19, 13));
        if (millis > EventId.MAX_MILLIS) {
            return null;
        }
        EventId least = new EventId(millis, least(prefix, 33, 7));
        return least.toString().startsWith(prefix) ? least : null;
    }

    private static int least(String prefix, int from, int width) {
        return (int) leastLong(prefix, from, width);
    }

    /** The digits given, filled up with zeros. */
    private static long leastLong(String prefix, int from, int width) {
        long value = 0;
        for (int i = from; i < from + width; i++) {
            value = value * 10 + (i < prefix.length() ? prefix.charAt(i) - '0' : 0);
        }
        return value;
    }

    /** True if an event of this id is read after this position. */
    public boolean isBefore(EventId id) {
        int order = id.compareTo(bound);
        return prefix == null ? order > 0 : order >= 0;
    }

    /** The least id that may lie after this position; {@link EventId#MAX} after the last, which no event has. */
    public EventId firstAfter() {
        return prefix == null && !bound.equals(EventId.MAX) ? bound.plus(1) : bound;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position that && bound.equals(that.bound) && Objects.equals(prefix, that.prefix);
    }

    @Override
    public int hashCode() {
        return bound.hashCode();
    }

    @Override
    @JsonValue
    public String toString() {
        return prefix == null ? bound.toString() : prefix;
    }
}
