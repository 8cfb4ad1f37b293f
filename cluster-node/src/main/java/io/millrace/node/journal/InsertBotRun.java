package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Notes a run; of two in one slot that of the greater epoch stays, whichever comes last. */
final class InsertBotRun {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertBotRun(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session, "INSERT INTO " + keyspace + ".bot_run (bot, slot, run) VALUES (?, ?, ?) USING TIMESTAMP ?");
    }

    CompletionStage<?> run(String bot, int slot, String run, long timestamp) {
        return session.executeAsync(statement.bind(bot, slot, run, timestamp));
    }
}
