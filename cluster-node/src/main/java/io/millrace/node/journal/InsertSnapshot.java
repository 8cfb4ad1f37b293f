package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Saves the state that an actor had at a sequence number; a second one there replaces the first. */
final class InsertSnapshot {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertSnapshot(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "INSERT INTO " + keyspace + ".snapshot (log, seq, saved_at, manifest, state) VALUES (?, ?, ?, ?, ?)");
    }

    CompletionStage<?> run(String log, long seq, long savedAt, EncodedSnapshot snapshot) {
        return session.executeAsync(statement.bind(log, seq, savedAt, snapshot.manifest(), snapshot.bytes()));
    }
}
