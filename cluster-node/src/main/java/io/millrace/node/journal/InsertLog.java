package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Writes one row beyond the tail. The driver may repeat it: a place under one epoch gets one content only. */
final class InsertLog {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertLog(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "INSERT INTO " + keyspace
                        + ".log (log, bucket, seq, epoch, size, manifest, head, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    }

    CompletionStage<AsyncResultSet> run(String log, long seq, long epoch, EncodedEvent event) {
        return session.executeAsync(statement.bind(
                log, Buckets.of(seq), seq, epoch, event.bytes(), event.manifest(), event.head(), event.body()));
    }
}
