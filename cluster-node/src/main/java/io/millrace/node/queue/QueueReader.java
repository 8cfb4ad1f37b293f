package io.millrace.node.queue;

import io.millrace.node.application.Cursor;
import io.millrace.node.application.ReadStep;
import io.millrace.node.journal.LogReader;
import io.millrace.node.journal.LogRecord;
import io.millrace.protocol.Position;
import io.millrace.protocol.block.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** Reads a queue's older events straight from its log, on the node that serves the reader (design D6). */
final class QueueReader {
    private final LogReader log;

    QueueReader(LogReader log) {
        this.log = log;
    }

    /**
     * The next records after a cursor.
     *
     * @param floor the last record whose events are gone
     * @param tail the last record
     */
    CompletionStage<ReadStep> read(String name, Cursor cursor, long floor, long tail, int maxBytes) {
        return start(name, cursor, floor, tail)
                .thenCompose(from -> from > tail
                        ? CompletableFuture.completedStage(List.<LogRecord>of())
                        : log.read(name, from, tail, maxBytes))
                .thenApply(records -> step(cursor, tail, records));
    }

    private CompletionStage<Long> start(String name, Cursor cursor, long floor, long tail) {
        if (cursor.record() > floor) {
            return CompletableFuture.completedStage(cursor.record());
        }
        return log.firstWhere(name, floor + 1, tail, head -> isPast(head, cursor.after()));
    }

    private static boolean isPast(ByteBuffer head, Position position) {
        return position.isBefore(QueueEventCodec.position(head).last());
    }

    /** How many events lie after a position that isn't at or past the tail. */
    CompletionStage<Long> countAfter(String name, Position position, QueueReply.Tail tail) {
        AtomicReference<QueueEventCodec.HeadPosition> found = new AtomicReference<>();
        return log.firstWhere(name, tail.floor() + 1, tail.sequence(), head -> {
                    boolean past = isPast(head, position);
                    if (past) {
                        found.set(QueueEventCodec.position(head)); // the search ends with the least that is past
                    }
                    return past;
                })
                .thenApply(sequence -> {
                    QueueEventCodec.HeadPosition at = found.get();
                    return at == null ? 0L : tail.ordinal() - at.ordinal() + at.eventsAfter(position);
                });
    }

    private static ReadStep step(Cursor cursor, long tail, List<LogRecord> records) {
        List<Block> blocks = new ArrayList<>();
        for (LogRecord record : records) {
            for (Block block : Block.readAll(record.body().duplicate())) {
                if (cursor.after().isBefore(block.header().last())) {
                    blocks.add(block);
                }
            }
        }
        long next =
                records.isEmpty() ? tail + 1 : records.get(records.size() - 1).seq() + 1;
        Position after = blocks.isEmpty()
                ? cursor.after()
                : Position.of(blocks.get(blocks.size() - 1).header().last());
        return new ReadStep(blocks, new Cursor(after, next), false);
    }
}
