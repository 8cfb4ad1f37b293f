package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Reads the heads of one bucket in order, the highest epoch of each place first; Cassandra skips the bodies. */
final class SelectLogHeads {
    private final CqlSession session;
    private final PreparedStatement statement;

    SelectLogHeads(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "SELECT seq, epoch, manifest, head FROM " + keyspace
                        + ".log WHERE log = ? AND bucket = ? AND seq >= ? AND seq <= ? LIMIT ?");
    }

    /** {@return at most {@code rows} rows, all in one page} */
    CompletionStage<AsyncResultSet> run(String log, long bucket, long from, long to, int rows) {
        return session.executeAsync(statement.bind(log, bucket, from, to, rows).setPageSize(rows));
    }
}
