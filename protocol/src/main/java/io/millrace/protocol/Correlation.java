package io.millrace.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where an event came from: one parent, or a run of parents of one queue.
 *
 * @param source the queue (bare name or {@code queue:x}) or system that the parents stand in
 * @param start the first parent's id; a foreign string where the source is a system
 * @param end the last parent's id, when there are several
 * @param units how many parents, 1 or more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correlation(
        @JsonProperty(required = true) String source,
        @JsonProperty(required = true) String start,
        @Nullable String end,
        long units) {

    /** The longest source, start or end, in characters. */
    public static final int MAX_TEXT = 1_000;

    /** @throws IllegalArgumentException if a part is missing or too long, or {@code units} is below 1 */
    public Correlation {
        if (isBad(source) || isBad(start) || (end != null && isBad(end)) || units < 1) {
            throw new IllegalArgumentException(
                    "a correlation has source, start and perhaps end (1 to 1000 characters each) and units of at least 1");
        }
    }

    @SuppressWarnings("ConstantValue") // JSON can leave a field out
    private static boolean isBad(@Nullable String text) {
        return text == null || text.isEmpty() || text.length() > MAX_TEXT || hasLoneSurrogate(text);
    }

    /** What UTF-8 can't write. */
    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** One parent. */
    public static Correlation of(String source, EventId parent) {
        return new Correlation(source, parent.toString(), null, 1);
    }

    /** {@code units} parents of one queue, from {@code first} to {@code last}. */
    public static Correlation of(String source, EventId first, EventId last, long units) {
        return units == 1 ? of(source, last) : new Correlation(source, first.toString(), last.toString(), units);
    }

    /** The furthest parent: its position is how far the writer had read when it wrote. */
    public String last() {
        return end == null ? start : end;
    }
}
