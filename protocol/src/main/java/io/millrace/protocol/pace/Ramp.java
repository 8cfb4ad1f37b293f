package io.millrace.protocol.pace;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.millrace.protocol.Problem.InputError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limit that grows evenly from one rate to another, and then there is none.
 *
 * @param from events a second at its beginning, 1 to {@link #MOST}
 * @param to events a second at its end, {@code from} to {@link #MOST}
 * @param over how long it lasts, {@link #SHORTEST} to {@link #LONGEST}
 */
public record Ramp(
        @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
        Long from,

        @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
        Long to,

        @JsonProperty(required = true) @JsonSetter(nulls = Nulls.FAIL)
        Duration over) {
    /** Events a second that a limit may be; who wants more wants none. */
    public static final long MOST = 1_000_000;

    /** One that is over sooner changes nothing. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** One that is to last longer is a limit that nobody remembers. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** What is wrong with it, each with a pointer below the given one; none if it is sound. */
    public List<InputError> errors(String pointer) {
        List<InputError> errors = new ArrayList<>();
        if (from < 1 || from > MOST) {
            errors.add(new InputError(null, pointer + "/from", "must be 1 to " + MOST + " events a second"));
        }
        if (to < from || to > MOST) {
            errors.add(new InputError(null, pointer + "/to", "must be `from` to " + MOST + " events a second"));
        }
        if (over.compareTo(SHORTEST) < 0 || over.compareTo(LONGEST) > 0) {
            errors.add(new InputError(null, pointer + "/over", "must be " + SHORTEST + " to " + LONGEST));
        }
        return errors;
    }

    /** Whether it is no limit any more so many ms after its beginning. */
    public boolean isOver(long millis) {
        return millis >= over.toMillis();
    }

    /** Events a second so many ms after its beginning; a time before that is the beginning. */
    public double rate(long millis) {
        return from + (to - from) * within(millis) / over.toMillis();
    }

    /** Events that it allows in all in the first so many ms, while it isn't over. */
    public double events(long millis) {
        double time = within(millis);
        return (from + rate(millis)) / 2 * time / 1_000;
    }

    private double within(long millis) {
        return Math.max(0, Math.min(millis, over.toMillis()));
    }

    /** What each of so many readers gets of it, at least one event a second. */
    public Ramp share(int readers) {
        return readers == 1 ? this : new Ramp(Math.max(1, from / readers), Math.max(1, to / readers), over);
    }

    /** What is left of it after so many ms; null if nothing. */
    public @Nullable Ramp after(long millis) {
        if (isOver(millis)) {
            return null;
        }
        long passed = Math.max(0, millis);
        return passed == 0 ? this : new Ramp((long) rate(passed), to, over.minusMillis(passed));
    }
}
