package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockReader;
import io.millrace.protocol.block.BlockWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packs the events of one commit into records: small uncompressed blocks of one writer are merged and compressed together,
 * oversized ones are cut, ids are stamped contiguously. Used for one commit.
 */
final class RecordPacker {
    /**
     * Where a record is full, stored bytes. One row of 1 MiB costs the store a third of what four of 256 KiB do (design D2's
     * figures).
     */
    static final int RECORD_BYTES = 1 << 20;

    /** Where a merged block is full, bytes of JSON: enough for zstd to find what repeats, little for a reader to hold. */
    static final int MERGED_BYTES = 256 << 10;

    /** Below this zstd gains nothing that is worth a reader's call into it. */
    private static final int WORTH_COMPRESSING = 256;

    private final QueueName queue;
    private final long now;
    private final EventId before;
    private final EventId first;
    private final long ordinal;
    private final List<QueueEvent> records = new ArrayList<>();
    private final List<QueueEvent.Take> takes = new ArrayList<>();
    private List<Block> blocks = new ArrayList<>();
    private @Nullable BlockWriter merging;
    private String mergingFor = "";
    private int stored;
    private int taken;
    private int stamped;
    private int recorded;

    RecordPacker(QueueName queue, QueueState state, long now) {
        this.queue = queue;
        this.now = now;
        this.before = state.last();
        this.first = state.last().next(now);
        this.ordinal = state.ordinal();
    }

    /**
     * The same events in blocks of which each fits into a record, but for single large events. Comes before everything
     * else, since it may fail.
     *
     * @throws IllegalArgumentException if an event can't be written again
     */
    static List<Block> cut(List<Block> blocks) {
        return blocks.stream().noneMatch(RecordPacker::isOversized)
                ? blocks
                : blocks.stream()
                        .flatMap(block -> isOversized(block) ? pieces(block).stream() : Stream.of(block))
                        .toList();
    }

    private static boolean isOversized(Block block) {
        return block.length() > RECORD_BYTES && block.header().events() > 1;
    }

    private static List<Block> pieces(Block block) {
        List<Block> pieces = new ArrayList<>();
        BlockReader reader = new BlockReader(block);
        BlockWriter writer = new BlockWriter(block.header().writer());
        while (reader.advance()) {
            NewEvent event = reader.newEvent();
            if (!writer.isEmpty() && writer.rawLength() + event.encodedBound() > RECORD_BYTES / 2) {
                pieces.add(writer.build(true));
            }
            writer.add(event);
        }
        pieces.add(writer.build(true));
        return pieces;
    }

    /** The id of the event that is added next. */
    EventId nextId() {
        return first.plus(taken);
    }

    /** The last id given so far. */
    EventId lastId() {
        return lastId(taken);
    }

    private EventId lastId(int events) {
        return events == 0 ? before : first.plus(events - 1L);
    }

    /** @param fresh as {@link #cut} left them */
    void add(QueueEvent.Take take, List<Block> fresh) {
        takes.add(take);
        taken += take.events();
        for (Block block : fresh) {
            if (!block.header().zstd() && block.header().rawLength() < MERGED_BYTES / 2) {
                merge(block);
            } else {
                flush();
                store(block);
            }
        }
    }

    /** The records of the commit; the last one carries all takes, since one commit makes all of them durable or none. */
    List<QueueEvent> finish() {
        flush();
        if (!takes.isEmpty()) {
            close(takes);
        }
        return records;
    }

    private void merge(Block block) {
        BlockWriter writer = merging;
        if (writer == null
                || !mergingFor.equals(block.header().writer())
                || writer.rawLength() + block.header().rawLength() > MERGED_BYTES) {
            flush();
            mergingFor = block.header().writer();
            writer = new BlockWriter(mergingFor);
            merging = writer;
        }
        writer.addAll(block);
    }

    private void flush() {
        if (merging != null && !merging.isEmpty()) {
            store(merging.build(merging.rawLength() >= WORTH_COMPRESSING));
        }
        merging = null;
    }

    private void store(Block unstamped) {
        Block block = unstamped.stamped(queue, first.plus(stamped));
        if (stored > 0 && stored + block.length() > RECORD_BYTES) {
            close(List.of());
        }
        blocks.add(block);
        stamped += block.header().events();
        stored += block.length();
    }

    private void close(List<QueueEvent.Take> ended) {
        records.add(new QueueEvent.Appended(
                now, lastId(stamped), ordinal + stamped, stamped - recorded, stored, List.copyOf(ended), blocks));
        recorded = stamped;
        blocks = new ArrayList<>();
        stored = 0;
    }
}
