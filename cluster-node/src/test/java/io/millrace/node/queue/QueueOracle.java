package io.millrace.node.queue;

import io.millrace.node.simulation.Violation;
import io.millrace.protocol.EventId;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What a queue's log holds, told record by record as they are committed; finds what must not be there. */
public final class QueueOracle {
    /** An event as every reader must see it. */
    public record Stored(EventId eid, String payload) {}

    private final String queue;
    private final List<Stored> stored = new ArrayList<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();

    private final ToLongFunction<String> begun;

    /** @param begun the epoch of a bot's last run */
    public QueueOracle(String queue, ToLongFunction<String> begun) {
        this.queue = queue;
        this.begun = begun;
    }

    public List<Stored> stored() {
        return stored;
    }

    public EventId last() {
        return stored.isEmpty() ? EventId.MIN : stored.get(stored.size() - 1).eid();
    }

    public void committed(Object record, List<Block> blocks) {
        if (record instanceof QueueEvent.Appended appended) {
            appended.takes().forEach(this::took);
            events(blocks).forEach(this::store);
        }
    }

    /** The events of blocks. */
    public static List<Stored> events(List<Block> blocks) {
        List<Stored> events = new ArrayList<>();
        for (Block block : blocks) {
            BlockReader reader = new BlockReader(block);
            while (reader.advance()) {
                events.add(new Stored(reader.eid(), reader.payload().toString()));
            }
        }
        return events;
    }

    private void store(Stored event) {
        if (!event.eid().isAfter(last())) {
            throw new Violation(queue + ": reordered: " + event + " came after " + last());
        }
        stored.add(event);
    }

    private void took(QueueEvent.Take take) {
        QueueEvent.Run run = take.run();
        if (run != null) {
            if (run.epoch() < begun.applyAsLong(run.bot())) {
                throw new Violation(queue + ": stale effect: epoch " + run.epoch() + " of bot " + run.bot()
                        + " after the run of epoch " + begun.applyAsLong(run.bot()) + " had begun");
            }
            Long before = epochs.put(run.bot(), run.epoch());
            if (before != null && before > run.epoch()) {
                throw new Violation(
                        queue + ": stale effect: epoch " + run.epoch() + " of bot " + run.bot() + " after " + before);
            }
        }
        QueueEvent.Sequence sequence = take.sequence();
        if (sequence != null) {
            long before = sequences.getOrDefault(sequence.producer(), 0L);
            if (sequence.number() != before + 1) {
                throw new Violation(queue + ": sequence " + sequence + " was taken after " + before);
            }
            sequences.put(sequence.producer(), sequence.number());
        }
    }
}
