package io.millrace.node.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}: seconds, or a date in one of HTTP's three forms (RFC 9110). */
final class RetryAfter {
    /** Nobody is heeded for longer. */
    static final Duration LONGEST = Duration.ofHours(1);

    /** A wait of nothing would be a call at full speed. */
    static final Duration SHORTEST = Duration.ofMillis(100);

    private static final List<DateTimeFormatter> DATES = List.of(
            form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC),
            form("EEE MMM ppd HH:mm:ss yyyy"));

    private RetryAfter() {}

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    /** How long to wait, within the bounds; empty if the field is missing or has none of the forms. */
    static Optional<Duration> parse(@Nullable String field, Instant now) {
        if (field == null) {
            return Optional.empty();
        }
        String text = field.trim();
        if (text.matches("\\d+")) {
            long seconds = text.length() > 9 ? LONGEST.toSeconds() : Long.parseLong(text);
            return Optional.of(bound(Duration.ofSeconds(seconds)));
        }
        return DATES.stream()
                .flatMap(form -> date(text, form).stream())
                .findFirst()
                .map(until -> bound(Duration.between(now, until)));
    }

    private static Optional<Instant> date(String text, DateTimeFormatter form) {
        try {
            return Optional.of(ZonedDateTime.parse(text, form).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The nearest wait that is taken. */
    static Duration bound(Duration wait) {
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    }
}
