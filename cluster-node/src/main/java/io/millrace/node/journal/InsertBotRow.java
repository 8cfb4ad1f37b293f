package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Notes how a bot stands; what was noted later stays, whichever comes last. */
final class InsertBotRow {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertBotRow(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session, "INSERT INTO " + keyspace + ".bot_row (shard, bot, row) VALUES (?, ?, ?) USING TIMESTAMP ?");
    }

    CompletionStage<?> run(int shard, String bot, String row, long atMicros) {
        return session.executeAsync(statement.bind(shard, bot, row, atMicros));
    }
}
