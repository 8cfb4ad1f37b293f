package io.millrace.protocol.lane;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.protocol.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the lanes that the events of a bot are divided among: it gets those whose key's hash falls on it. While their number
 * or key is changed, it leaves out what the lanes before have done.
 *
 * @param index from 0
 * @param count how many there are, 1 to {@link #MAX_COUNT}
 * @param key a JSON pointer into payloads, see {@link LaneKey}; null where there is but one lane
 * @param before what other lanes have done before these, null for nothing that could come again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lane(
        int index,
        int count,
        @Nullable String key,
        @Nullable Before before) {
    /** Lanes that a bot may have. */
    public static final int MAX_COUNT = 64;

    /** Refuses an index that isn't below the count. */
    public Lane {
        if (index < 0 || index >= count || count > MAX_COUNT) {
            throw new IllegalArgumentException("no lane " + index + " of " + count);
        }
    }

    /**
     * The lanes before.
     *
     * @param count how many there were
     * @param key what they were divided by, null where there was but one
     * @param done by queue, up to where each of them had come
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Before(int count, @Nullable String key, Map<String, List<Position>> done) {
        /** The furthest that any of them had come in a queue; the beginning where they had read nothing. */
        public Position furthest(String queue) {
            Position furthest = Position.BEGINNING;
            for (Position position : done.getOrDefault(queue, List.of())) {
                furthest = compare(position, furthest) > 0 ? position : furthest;
            }
            return furthest;
        }

        private @Nullable Before without(List<String> queues) {
            Map<String, List<Position>> left = new HashMap<>(done);
            left.keySet().removeAll(queues);
            return left.isEmpty() ? null : new Before(count, key, Map.copyOf(left));
        }
    }

    /** The same without what it need not leave out in these queues any more. */
    public Lane passed(List<String> queues) {
        return before == null || queues.isEmpty() ? this : new Lane(index, count, key, before.without(queues));
    }

    /** Orders positions by what they are exclusive starts of. */
    public static int compare(Position a, Position b) {
        return a.toString().compareTo(b.toString());
    }
}
