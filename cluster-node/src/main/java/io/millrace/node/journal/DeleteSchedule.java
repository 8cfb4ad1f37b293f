package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Removes a bot's schedule. */
final class DeleteSchedule {
    private final CqlSession session;
    private final PreparedStatement statement;

    DeleteSchedule(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(session, "DELETE FROM " + keyspace + ".schedule WHERE shard = ? AND bot = ?");
    }

    CompletionStage<?> run(int shard, String bot) {
        return session.executeAsync(statement.bind(shard, bot));
    }
}
