package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Deletes one snapshot. */
final class DeleteSnapshot {
    private final CqlSession session;
    private final PreparedStatement statement;

    DeleteSnapshot(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(session, "DELETE FROM " + keyspace + ".snapshot WHERE log = ? AND seq = ?");
    }

    CompletionStage<?> run(String log, long seq) {
        return session.executeAsync(statement.bind(log, seq));
    }
}
