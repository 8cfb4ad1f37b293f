package io.millrace.node.queue;

import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.block.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest records of a queue in memory, shared by all readers at the tail. Bounded by bytes; the newest record is always
 * kept.
 */
final class TailWindow {
    private record Entry(long sequence, EventId before, List<Block> blocks, int bytes) {
        EventId last() {
            return blocks.get(blocks.size() - 1).header().last();
        }
    }

    private final int limit;
    /** By last id: at a trickle there are thousands of small ones, and each reader's place among them has to be found. */
    private final TreeMap<EventId, Entry> entries = new TreeMap<>();

    private int bytes;

    /** @param limit stored bytes to keep at most */
    TailWindow(int limit) {
        this.limit = limit;
    }

    int bytes() {
        return bytes;
    }

    /**
     * Adds a committed record.
     *
     * @param before the last id given before it
     */
    void add(long sequence, EventId before, QueueEvent.Appended record) {
        if (record.blocks().isEmpty()) {
            return;
        }
        Entry entry = new Entry(sequence, before, record.blocks(), record.bytes());
        entries.put(entry.last(), entry);
        bytes += record.bytes();
        while (bytes > limit && entries.size() > 1) {
            bytes -= entries.pollFirstEntry().getValue().bytes();
        }
    }

    /** Removes the records up to an event. */
    void dropTo(EventId gone) {
        while (!entries.isEmpty() && !entries.firstKey().isAfter(gone)) {
            bytes -= entries.pollFirstEntry().getValue().bytes();
        }
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    /** What follows a position, whole blocks up to about {@code maxBytes}; empty if that begins before the window. */
    Optional<QueueReply.Read> after(Position position, int maxBytes) {
        if (entries.isEmpty() || beginsBefore(entries.firstEntry().getValue().before(), position)) {
            return Optional.empty();
        }
        List<Block> found = new ArrayList<>();
        long sequence = 0;
        int size = 0;
        for (Entry entry : entries.tailMap(position.firstAfter()).values()) {
            if (size >= maxBytes) {
                return Optional.of(read(found, sequence, false));
            }
            for (Block block : entry.blocks()) {
                if (position.isBefore(block.header().last())) {
                    found.add(block);
                    size += block.length();
                }
            }
            sequence = entry.sequence();
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(read(found, sequence, true));
    }

    private static boolean beginsBefore(EventId lastBeforeWindow, Position position) {
        return !lastBeforeWindow.equals(EventId.MIN) && position.isBefore(lastBeforeWindow);
    }

    private static QueueReply.Read read(List<Block> found, long sequence, boolean atTail) {
        return new QueueReply.Read(
                List.copyOf(found), found.get(found.size() - 1).header().last(), sequence + 1, atTail);
    }
}
