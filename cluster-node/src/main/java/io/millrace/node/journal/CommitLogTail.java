package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Makes rows exist: the one small compare-and-set of an append. */
final class CommitLogTail {
    private final CompareAndSet statement;

    CommitLogTail(CqlSession session, String keyspace) {
        statement = new CompareAndSet(
                session, "UPDATE " + keyspace + ".log_tail SET tail = ? WHERE log = ? IF epoch = ? AND tail = ?");
    }

    /** {@return empty when committed, else who stands there} */
    CompletionStage<Optional<LogTables.Standing>> run(String log, long epoch, long tail, long newTail) {
        return statement
                .run(log, statement.bind(newTail, log, epoch, tail))
                .thenApply(
                        found -> found.map(row -> new LogTables.Standing(row.getLong("epoch"), row.getLong("tail"))));
    }
}
