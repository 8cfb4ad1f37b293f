package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Enters when a queue is to be looked at. */
final class InsertRetention {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertRetention(CqlSession session, String keyspace) {
        this.session = session;
        this.statement =
                Quorum.prepare(session, "INSERT INTO " + keyspace + ".retention (shard, queue, due) VALUES (?, ?, ?)");
    }

    CompletionStage<?> run(int shard, DueQueue queue) {
        return session.executeAsync(statement.bind(shard, queue.queue(), queue.due()));
    }
}
