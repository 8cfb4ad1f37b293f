package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cassandra.Sessions;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads where a log stands, at SERIAL: a compare-and-set that is half done is finished or dropped first. */
final class SelectLogTail {
    private final CqlSession session;
    private final PreparedStatement statement;

    SelectLogTail(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = session.prepare(SimpleStatement.builder(
                        "SELECT epoch, tail, floor, bucket FROM " + keyspace + ".log_tail WHERE log = ?")
                .setIdempotence(true)
                .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL)
                .setExecutionProfileName(Sessions.COMPARE_AND_SET)
                .build());
    }

    CompletionStage<Optional<LogTail>> run(String log) {
        return session.executeAsync(statement.bind(log))
                .thenApply(result -> Optional.ofNullable(result.one()).map(row -> read(log, row)));
    }

    static LogTail read(String log, Row row) {
        return new LogTail(log, row.getLong("epoch"), row.getLong("tail"), row.getLong("floor"), row.getLong("bucket"));
    }
}
