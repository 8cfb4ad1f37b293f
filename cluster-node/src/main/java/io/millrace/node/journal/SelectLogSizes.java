package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Reads what the rows of one bucket weigh, in order, the highest epoch of each place first. */
final class SelectLogSizes {
    private final CqlSession session;
    private final PreparedStatement statement;

    SelectLogSizes(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "SELECT seq, size FROM " + keyspace
                        + ".log WHERE log = ? AND bucket = ? AND seq >= ? AND seq <= ? LIMIT ?");
    }

    /** {@return at most {@code rows} rows, all in one page} */
    CompletionStage<AsyncResultSet> run(String log, long bucket, long from, long to, int rows) {
        return session.executeAsync(statement.bind(log, bucket, from, to, rows).setPageSize(rows));
    }
}
