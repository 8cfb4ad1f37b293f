package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Deletes a whole bucket below the floor: one partition tombstone, whatever its size. */
final class DeleteLogBucket {
    private final CqlSession session;
    private final PreparedStatement statement;

    DeleteLogBucket(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(session, "DELETE FROM " + keyspace + ".log WHERE log = ? AND bucket = ?");
    }

    CompletionStage<?> run(String log, long bucket) {
        return session.executeAsync(statement.bind(log, bucket));
    }
}
