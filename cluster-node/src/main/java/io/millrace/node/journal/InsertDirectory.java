package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Enters a name. */
final class InsertDirectory {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertDirectory(CqlSession session, String keyspace) {
        this.session = session;
        this.statement =
                Quorum.prepare(session, "INSERT INTO " + keyspace + ".directory (kind, shard, name) VALUES (?, ?, ?)");
    }

    CompletionStage<?> run(String kind, int shard, String name) {
        return session.executeAsync(statement.bind(kind, shard, name));
    }
}
