package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Enters a bot's schedule. */
final class InsertSchedule {
    private final CqlSession session;
    private final PreparedStatement statement;

    InsertSchedule(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session, "INSERT INTO " + keyspace + ".schedule (shard, bot, cron, time_zone) VALUES (?, ?, ?, ?)");
    }

    CompletionStage<?> run(int shard, ScheduledBot scheduled) {
        return session.executeAsync(statement.bind(shard, scheduled.bot(), scheduled.cron(), scheduled.timeZone()));
    }
}
