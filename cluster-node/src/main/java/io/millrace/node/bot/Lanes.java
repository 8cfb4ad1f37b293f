package io.millrace.node.bot;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.lane.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a bot that has or had lanes knows of them: how many there are and where they began. Where there is one, it is the bot
 * itself; where there are more, each is a bot of its own that does what it is told by a {@link LaneOrder}. Pure.
 *
 * @param revision grows with all that lanes have to hear of
 * @param number counts the layouts: each change of their number or key is one
 * @param count how many there are
 * @param widest how many there ever were at once
 * @param key what they are divided by, null for one lane
 * @param before what the lanes before have done beyond where these begin, null for nothing
 * @param start where they began, by queue
 * @param kills how often runs were killed
 * @param resumes how often it was resumed
 * @param moved where an administrator has put them since, by queue
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Lanes(
        long revision,
        long number,
        int count,
        int widest,
        @Nullable String key,
        Lane.@Nullable Before before,
        Map<String, Checkpoint> start,
        long kills,
        long resumes,
        Map<String, Move> moved) {

    /** A bot that had none up to now. */
    static final Lanes NONE = new Lanes(0, 0, 1, 1, null, null, Map.of(), 0, 0, Map.of());

    /**
     * An administrator has put them somewhere.
     *
     * @param number of the bot's generation that began with it
     */
    record Move(long number, Checkpoint to) {}

    Lanes opened(BotEvent.LanesOpened event) {
        return new Lanes(
                revision + 1,
                event.number(),
                event.count(),
                Math.max(widest, event.count()),
                event.key(),
                event.before(),
                event.read(),
                kills,
                resumes,
                Map.of());
    }

    /** Something changed that they have to hear of. */
    Lanes revised() {
        return new Lanes(revision + 1, number, count, widest, key, before, start, kills, resumes, moved);
    }

    Lanes killed() {
        return new Lanes(revision + 1, number, count, widest, key, before, start, kills + 1, resumes, moved);
    }

    Lanes resumed() {
        return new Lanes(revision + 1, number, count, widest, key, before, start, kills, resumes + 1, moved);
    }

    Lanes moved(String queue, Move move) {
        Map<String, Move> moves = new HashMap<>(moved);
        if (count > 1) {
            moves.put(queue, move);
        }
        return new Lanes(
                revision + 1,
                number,
                count,
                widest,
                key,
                lane(0).passed(List.of(queue)).before(),
                start,
                kills,
                resumes,
                Map.copyOf(moves));
    }

    /** Without what was passed in these queues; for the one lane that the bot itself is. */
    Lanes passed(List<String> queues) {
        return new Lanes(
                revision, number, count, widest, key, lane(0).passed(queues).before(), start, kills, resumes, moved);
    }

    Lane lane(int index) {
        return new Lane(index, count, key, before);
    }
}
