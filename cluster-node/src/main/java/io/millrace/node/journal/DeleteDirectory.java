package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Removes a name. */
final class DeleteDirectory {
    private final CqlSession session;
    private final PreparedStatement statement;

    DeleteDirectory(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session, "DELETE FROM " + keyspace + ".directory WHERE kind = ? AND shard = ? AND name = ?");
    }

    CompletionStage<?> run(String kind, int shard, String name) {
        return session.executeAsync(statement.bind(kind, shard, name));
    }
}
