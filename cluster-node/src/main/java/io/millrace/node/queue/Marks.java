package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.block.ParentRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one bot's output in this queue goes back to its sources (design D5).
 *
 * @param generation the generation of the bot's positions that the marks belong to
 * @param epoch the highest epoch seen or announced: runs before it are over
 * @param positions by source queue
 */
record Marks(long generation, long epoch, Map<String, EventId> positions) {
    /** The source queues of one bot that a queue keeps marks for. */
    static final int MAX_SOURCES = 1_000;

    /** No output yet. */
    static final Marks NONE = new Marks(0, 0, Map.of());

    /** True if a run of this generation and epoch is over. */
    boolean isStale(long runGeneration, long runEpoch) {
        return runGeneration < generation || runEpoch < epoch;
    }

    /** True if all runs before an epoch are known to be over. */
    boolean isFenced(long runGeneration, long runEpoch) {
        return generation > runGeneration || (generation == runGeneration && epoch >= runEpoch);
    }

    /** What runs before the epoch would still write is refused from now on; the marks of the generation stay. */
    Marks fence(long runGeneration, long runEpoch) {
        return isFenced(runGeneration, runEpoch)
                ? this
                : new Marks(runGeneration, runEpoch, runGeneration == generation ? positions : Map.of());
    }

    /** The mark that holds for a run; a new generation begins without any. */
    @Nullable
    EventId position(long runGeneration, String source) {
        return runGeneration == generation ? positions.get(source) : null;
    }

    /** How many source queues it would have marks for after an append. */
    long sourcesAfter(long runGeneration, List<ParentRange> parents) {
        return parents.stream()
                        .filter(range -> position(runGeneration, range.source()) == null)
                        .count()
                + (runGeneration == generation ? positions.size() : 0);
    }

    Marks take(QueueEvent.Run run) {
        Map<String, EventId> next = new HashMap<>(run.generation() == generation ? positions : Map.of());
        run.marks().forEach(mark -> next.merge(mark.source(), mark.position(), Marks::greater));
        return new Marks(run.generation(), run.epoch(), Map.copyOf(next));
    }

    private static EventId greater(EventId a, EventId b) {
        return a.isAfter(b) ? a : b;
    }
}
