package io.millrace.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An event that no queue has taken yet.
 *
 * @param payload any JSON
 * @param correlation what it was made from
 * @param sourceTimestamp ms since the epoch when its root ancestor entered any queue; null means when it enters its own
 * @param bot the bot that writes it, where that differs from the request's
 * @param trace the distributed trace that it stands in, if any
 */
public record NewEvent(
        Payload payload,
        @Nullable Correlation correlation,
        @Nullable Long sourceTimestamp,
        @Nullable String bot,
        @Nullable Trace trace) {

    /** @throws IllegalArgumentException if the timestamp isn't 1 to {@link EventId#MAX_MILLIS} or the bot's name is not allowed */
    public NewEvent {
        if (sourceTimestamp != null && (sourceTimestamp < 1 || sourceTimestamp > EventId.MAX_MILLIS)) {
            throw new IllegalArgumentException(
                    "a source timestamp is milliseconds since the epoch, 1 to 9999999999999");
        }
        if (bot != null) {
            Names.require("bot", bot);
        }
    }

    /** One that stands in no trace. */
    public NewEvent(
            Payload payload, @Nullable Correlation correlation, @Nullable Long sourceTimestamp, @Nullable String bot) {
        this(payload, correlation, sourceTimestamp, bot, null);
    }

    /** What an encoded event needs beside its parts, generously: field names, a timestamp, braces. */
    private static final int FRAME = 160;

    /** And what a trace does, but for its state. */
    private static final int TRACE = 120;

    /** A byte may become six where JSON escapes it. */
    private static final int ESCAPED = 6;

    /** An event without ancestors. */
    public static NewEvent of(Payload payload) {
        return new NewEvent(payload, null, null, null);
    }

    /** The same in a trace; in none where it would be too large for an event with it. */
    public NewEvent in(@Nullable Trace other) {
        NewEvent traced = new NewEvent(payload, correlation, sourceTimestamp, bot, other);
        return other == null || traced.encodedBound() <= Limits.EVENT_BYTES ? traced : in(null);
    }

    /** An upper bound of this event's bytes as a line of a block; one over {@link Limits#EVENT_BYTES} is refused everywhere. */
    public int encodedBound() {
        int bound = FRAME + payload.length();
        if (correlation != null) {
            String end = correlation.end();
            bound += ESCAPED
                    * (correlation.source().length() + correlation.start().length() + (end == null ? 0 : end.length()));
        }
        if (trace != null) {
            String state = trace.tracestate();
            bound += TRACE + (state == null ? 0 : ESCAPED * state.length());
        }
        return bot == null ? bound : bound + bot.length();
    }
}
