package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Claims a log that nobody has claimed before, in one round trip. */
final class InsertLogTail {
    private final CompareAndSet statement;

    InsertLogTail(CqlSession session, String keyspace) {
        statement = new CompareAndSet(
                session,
                "INSERT INTO " + keyspace + ".log_tail (log, epoch, tail, floor, bucket) VALUES (?, 1, 0, 0, 0)"
                        + " IF NOT EXISTS");
    }

    /** {@return empty when this was the first claim, else where the log stands} */
    CompletionStage<Optional<LogTail>> run(String log) {
        return statement
                .run(log, statement.bind(log))
                .thenApply(found -> found.map(row -> SelectLogTail.read(log, row)));
    }
}
