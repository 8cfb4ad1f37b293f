package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The tables in Cassandra: each method is one prepared statement. Safe for many threads. */
final class CassandraTables implements LogTables {
    private final InsertLog insertRow;
    private final CommitLogTail commitTail;
    private final InsertLogTail insertTail;
    private final ClaimLogTail claimTail;
    private final SelectLogTail selectTail;
    private final SelectLogTailHint selectTailHint;
    private final SelectLogHeads selectHeads;
    private final SelectLog selectRows;
    private final SelectLogSizes selectSizes;
    private final RaiseLogTailFloor raiseFloor;
    private final RaiseLogTailBucket raiseBucket;
    private final DeleteLogBucket deleteBucket;

    /** Prepares the statements, so the schema must exist. Blocks: for the start of a node. */
    CassandraTables(CqlSession session, String keyspace) {
        insertRow = new InsertLog(session, keyspace);
        commitTail = new CommitLogTail(session, keyspace);
        insertTail = new InsertLogTail(session, keyspace);
        claimTail = new ClaimLogTail(session, keyspace);
        selectTail = new SelectLogTail(session, keyspace);
        selectTailHint = new SelectLogTailHint(session, keyspace);
        selectHeads = new SelectLogHeads(session, keyspace);
        selectRows = new SelectLog(session, keyspace);
        selectSizes = new SelectLogSizes(session, keyspace);
        raiseFloor = new RaiseLogTailFloor(session, keyspace);
        raiseBucket = new RaiseLogTailBucket(session, keyspace);
        deleteBucket = new DeleteLogBucket(session, keyspace);
    }

    @Override
    public CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event) {
        return insertRow.run(log, seq, epoch, event);
    }

    @Override
    public CompletionStage<Optional<Standing>> commitTail(String log, long epoch, long tail, long newTail) {
        return commitTail.run(log, epoch, tail, newTail);
    }

    @Override
    public CompletionStage<Optional<LogTail>> insertTail(String log) {
        return insertTail.run(log);
    }

    @Override
    public CompletionStage<Optional<LogTail>> claimTail(LogTail seen) {
        return claimTail.run(seen);
    }

    @Override
    public CompletionStage<Optional<LogTail>> selectTail(String log) {
        return selectTail.run(log);
    }

    @Override
    public CompletionStage<Optional<LogTail>> selectTailHint(String log) {
        return selectTailHint.run(log);
    }

    @Override
    public CompletionStage<List<LogRecord>> selectHeads(String log, long bucket, long from, long to, int rows) {
        return selectHeads.run(log, bucket, from, to, rows).thenApply(result -> page(result, Rows::head));
    }

    @Override
    public CompletionStage<List<LogRecord>> selectRows(String log, long bucket, long from, long to, int rows) {
        return selectRows.run(log, bucket, from, to, rows).thenApply(result -> page(result, Rows::whole));
    }

    @Override
    public CompletionStage<List<Size>> selectSizes(String log, long bucket, long from, long to, int rows) {
        return selectSizes.run(log, bucket, from, to, rows).thenApply(result -> page(result, Rows::size));
    }

    @Override
    public CompletionStage<Optional<Long>> raiseFloor(String log, long epoch, long floor) {
        return raiseFloor.run(log, epoch, floor);
    }

    @Override
    public CompletionStage<Optional<Long>> raiseBucket(String log, long epoch, long bucket) {
        return raiseBucket.run(log, epoch, bucket);
    }

    @Override
    public CompletionStage<?> deleteBucket(String log, long bucket) {
        return deleteBucket.run(log, bucket);
    }

    private static <T> List<T> page(AsyncResultSet result, Function<Row, T> read) {
        var page = new ArrayList<T>(result.remaining());
        result.currentPage().forEach(row -> page.add(read.apply(row)));
        return page;
    }
}
