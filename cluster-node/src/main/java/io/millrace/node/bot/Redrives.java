package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of a bot are done with, and those that are being redriven. A redrive is journaled before its events are
 * appended to the queue that it goes by, under a number of its own that makes a repetition harmless, and settled after: so
 * whoever finds one that isn't settled can tell by that queue whether it was done. Pure.
 *
 * @param queue where redriven events go, which the bot reads besides; null before the first
 * @param number of the last one that was begun
 * @param pending the one that was begun and isn't settled
 * @param upTo letters up to here are done with, null for none
 * @param singles others that are, in order, at most {@link #MAX_SINGLES}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Redrives(
        @Nullable String queue,
        long number,
        @Nullable Pending pending,
        @Nullable Position upTo,
        List<EventId> singles) {
    /** Letters that may be done with out of their order. */
    static final int MAX_SINGLES = 1_000;

    static final Redrives NONE = new Redrives(null, 0, null, null, List.of());

    /**
     * One under way.
     *
     * @param until ms since the epoch; until then whoever has begun it may be at it
     */
    record Pending(long number, Letters letters, long until) {}

    Position settledUpTo() {
        return upTo == null ? Position.BEGINNING : upTo;
    }

    boolean isSettled(EventId letter) {
        return !settledUpTo().isBefore(letter) || singles.contains(letter);
    }

    Redrives begun(BotEvent.RedriveBegun event) {
        return new Redrives(
                event.queue(),
                event.number(),
                new Pending(event.number(), event.letters(), event.until()),
                upTo,
                singles);
    }

    Redrives ended(BotEvent.RedriveEnded event) {
        Pending was = pending;
        if (was == null || was.number() != event.number()) {
            return this;
        }
        Redrives next = new Redrives(queue, number, null, upTo, singles);
        return event.done() ? next.settle(was.letters()) : next;
    }

    Redrives settle(Letters letters) {
        Position given = letters.upTo();
        Position now = given == null || isBehind(given) ? settledUpTo() : given;
        Set<EventId> left = new TreeSet<>(singles);
        left.addAll(letters.singles());
        left.removeIf(letter -> !now.isBefore(letter));
        return new Redrives(queue, number, pending, now.equals(Position.BEGINNING) ? null : now, List.copyOf(left));
    }

    private boolean isBehind(Position position) {
        return position.toString().compareTo(settledUpTo().toString()) < 0;
    }
}
