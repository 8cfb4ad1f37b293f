package io.millrace.node.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this node's queues have noted and the sweeper hasn't heard yet: one entry for a queue and a bot. Bounded: where too
 * much is noted, it is forgotten, and every bot is to look.
 */
public final class MovedQueues implements Moves {
    /** Some 10 MB at most; what a node commits between two reports is far less. */
    static final int MAX = 50_000;

    /** What one message carries at most, about, in bytes: a fraction of the 256 KiB that may travel as one. */
    static final int PAGE_BYTES = 64 << 10;

    private record Key(String queue, String bot) {}

    /**
     * Moves on their way.
     *
     * @param everything whether every bot is to look
     */
    record Page(boolean everything, List<Move> moves) {
        boolean isEmpty() {
            return !everything && moves.isEmpty();
        }
    }

    private final Map<Key, EventId> moved = new LinkedHashMap<>();
    private final SweepMetrics metrics;
    private boolean everything;

    public MovedQueues(MeterRegistry meters) {
        metrics = new SweepMetrics(meters, this::size);
    }

    SweepMetrics metrics() {
        return metrics;
    }

    synchronized int size() {
        return moved.size();
    }

    @Override
    public synchronized void moved(String queue, EventId last, String bot) {
        if (everything) {
            return;
        }
        moved.merge(new Key(queue, bot), last, (a, b) -> a.isAfter(b) ? a : b);
        if (moved.size() > MAX) {
            moved.clear();
            everything = true;
            metrics.overflowed();
        }
    }

    @Override
    public synchronized void settled(String queue, String bot) {
        moved.remove(new Key(queue, bot));
    }

    /** Takes what has waited for longest, as much as one message carries. */
    synchronized Page take() {
        List<Move> page = new ArrayList<>();
        int bytes = 0;
        for (Iterator<Map.Entry<Key, EventId>> each = moved.entrySet().iterator();
                bytes < PAGE_BYTES && each.hasNext(); ) {
            Map.Entry<Key, EventId> next = each.next();
            each.remove();
            Move move = new Move(next.getKey().queue(), next.getKey().bot(), next.getValue());
            bytes += move.size();
            page.add(move);
        }
        boolean all = everything;
        everything = false;
        return new Page(all, page);
    }

    /** What was taken wasn't heard. */
    synchronized void putBack(Page page) {
        page.moves().forEach(move -> moved(move.queue(), move.last(), move.bot()));
        if (page.everything()) {
            moved.clear();
            everything = true;
        }
    }
}
