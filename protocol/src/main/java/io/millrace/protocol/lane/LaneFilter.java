package io.millrace.protocol.lane;

import io.millrace.protocol.Event;
import io.millrace.protocol.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events of one queue a lane is to handle. Immutable. */
public final class LaneFilter {
    /** Those of a bot without lanes: all. */
    public static final LaneFilter ALL = new LaneFilter(new Lane(0, 1, null, null), "");

    private final int index;
    private final int count;
    private final @Nullable LaneKey key;
    private final List<Position> done;
    private final @Nullable LaneKey keyBefore;

    /**
     * As a lane has it.
     *
     * @throws IllegalArgumentException if a key is no JSON pointer
     */
    public LaneFilter(Lane lane, String queue) {
        index = lane.index();
        count = lane.count();
        key = key(lane.key(), count);
        Lane.Before before = lane.before();
        done = before == null ? List.of() : before.done().getOrDefault(queue, List.of());
        keyBefore = before == null ? null : key(before.key(), before.count());
    }

    /** The filter of a queue; all where there are no lanes. */
    public static LaneFilter of(@Nullable Lane lane, String queue) {
        return lane == null ? ALL : new LaneFilter(lane, queue);
    }

    private static @Nullable LaneKey key(@Nullable String pointer, int count) {
        return pointer == null || count == 1 ? null : new LaneKey(pointer);
    }

    /** Whether the lane is to handle an event: it is its own, and none has done it before. */
    public boolean takes(Event event) {
        return (key == null || key.lane(event.payload(), count) == index) && !isDone(event);
    }

    /** Those that it takes, in order; the list itself where it takes all, which every event of most bots comes by. */
    public List<Event> own(List<Event> events) {
        return key == null && done.isEmpty()
                ? events
                : events.stream().filter(this::takes).toList();
    }

    private boolean isDone(Event event) {
        if (done.isEmpty()) {
            return false;
        }
        int lane = keyBefore == null ? 0 : keyBefore.lane(event.payload(), done.size());
        return !done.get(lane).isBefore(event.eid());
    }
}
