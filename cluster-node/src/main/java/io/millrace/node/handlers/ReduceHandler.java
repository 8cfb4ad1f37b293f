package io.millrace.node.handlers;

import io.millrace.node.run.WindowHandler;
import io.millrace.protocol.Event;
import io.millrace.protocol.handler.BotHandler;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code reduce}: makes one event of all that one {@code key} has in a {@code window}, with the {@code result} of each fold,
 * and emits it into {@code to}. Without {@code key} all events of the window are of one key.
 *
 * <p>A window is {@code {"count": n}}, exactly n events of one queue, or {@code {"time": "PT1M"}}, those that entered the
 * queue in one such stretch of the clock (stretches begin at multiples of it since 1970, UTC). A time window is over when a
 * later event has come, or {@link #GRACE_MILLIS} after its end when nothing has. Should an event of it come even later (a
 * commit that took that long), it makes a window of its own: another event with the same bounds, and nothing counted twice.
 *
 * <p>Each queue that the bot reads has windows of its own: an event's parents stand in one queue.
 *
 * @param key where the key stands; what has none is of the key null
 * @param count events of a window, 0 if time makes it
 * @param millis length of a window, 0 if a count makes it
 */
record ReduceHandler(List<String> to, @Nullable EventPointer key, Map<String, Column> result, int count, long millis)
        implements WindowHandler {
    /** How long after the end of a time window an event of it may still become readable, ms. */
    static final long GRACE_MILLIS = 2_000;

    private static final int MAX_COUNT = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int MAX_RESULTS = 50;

    /**
     * One field of the result.
     *
     * @param of what is folded; null where events are counted
     */
    record Column(Fold.Kind kind, @Nullable EventPointer of) {}

    static @Nullable BotHandler of(Settings settings) {
        List<String> to = settings.queues("to");
        EventPointer key = settings.optionalText("key", EventPointer::of);
        Settings window = settings.object("window");
        long count = window.number("count", 1, MAX_COUNT, 0);
        Duration time = window.optionalText("time", ReduceHandler::duration);
        if (window.isFine() && (count > 0) == (time != null)) {
            settings.error("window", "must have either a count or a time");
        }
        Map<String, Column> result = new LinkedHashMap<>();
        settings.object("result").objects().forEach((name, column) -> result.put(name, column(column)));
        if (result.isEmpty() || result.size() > MAX_RESULTS) {
            settings.error(
                    "result", "must have 1 to " + MAX_RESULTS + " fields, as {\"orders\": {\"fold\": \"count\"}}");
        }
        return settings.isFine()
                ? new ReduceHandler(to, key, result, (int) count, time == null ? 0 : time.toMillis())
                : null;
    }

    private static Column column(Settings settings) {
        Fold.Kind kind = settings.text("fold", Fold.Kind::of);
        EventPointer of = settings.optionalText("of", EventPointer::of);
        if (kind != null && kind != Fold.Kind.COUNT && of == null && settings.isFine()) {
            settings.error("of", "is needed: a JSON Pointer to what is folded, such as /payload/amount");
        }
        return new Column(Objects.requireNonNullElse(kind, Fold.Kind.COUNT), of);
    }

    private static Duration duration(String text) {
        try {
            Duration time = Duration.parse(text);
            if (time.compareTo(Duration.ofSeconds(1)) >= 0 && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // The same answer.
        }
        throw new IllegalArgumentException("must be an ISO-8601 duration from PT1S to PT24H");
    }

    @Override
    public Window open(Event first) {
        return new ReduceWindow(this, first);
    }
}
