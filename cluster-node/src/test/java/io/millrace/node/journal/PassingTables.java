package io.millrace.node.journal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Hands every statement on to other tables; tests lie in between. */
abstract class PassingTables implements LogTables {
    private final LogTables tables;

    PassingTables(LogTables tables) {
        this.tables = tables;
    }

    @Override
    public CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event) {
        return tables.insertRow(log, seq, epoch, event);
    }

    @Override
    public CompletionStage<Optional<Standing>> commitTail(String log, long epoch, long tail, long newTail) {
        return tables.commitTail(log, epoch, tail, newTail);
    }

    @Override
    public CompletionStage<Optional<LogTail>> insertTail(String log) {
        return tables.insertTail(log);
    }

    @Override
    public CompletionStage<Optional<LogTail>> claimTail(LogTail seen) {
        return tables.claimTail(seen);
    }

    @Override
    public CompletionStage<Optional<LogTail>> selectTail(String log) {
        return tables.selectTail(log);
    }

    @Override
    public CompletionStage<Optional<LogTail>> selectTailHint(String log) {
        return tables.selectTailHint(log);
    }

    @Override
    public CompletionStage<List<LogRecord>> selectHeads(String log, long bucket, long from, long to, int rows) {
        return tables.selectHeads(log, bucket, from, to, rows);
    }

    @Override
    public CompletionStage<List<LogRecord>> selectRows(String log, long bucket, long from, long to, int rows) {
        return tables.selectRows(log, bucket, from, to, rows);
    }

    @Override
    public CompletionStage<List<Size>> selectSizes(String log, long bucket, long from, long to, int rows) {
        return tables.selectSizes(log, bucket, from, to, rows);
    }

    @Override
    public CompletionStage<Optional<Long>> raiseFloor(String log, long epoch, long floor) {
        return tables.raiseFloor(log, epoch, floor);
    }

    @Override
    public CompletionStage<Optional<Long>> raiseBucket(String log, long epoch, long bucket) {
        return tables.raiseBucket(log, epoch, bucket);
    }

    @Override
    public CompletionStage<?> deleteBucket(String log, long bucket) {
        return tables.deleteBucket(log, bucket);
    }
}
