package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Reads schedules of one shard in the order of the bots' names. */
final class SelectSchedules {
    private final CqlSession session;
    private final PreparedStatement after;

    SelectSchedules(CqlSession session, String keyspace) {
        this.session = session;
        this.after = Quorum.prepare(
                session,
                "SELECT bot, cron, time_zone FROM " + keyspace + ".schedule WHERE shard = ? AND bot > ? LIMIT ?");
    }

    CompletionStage<List<ScheduledBot>> run(int shard, String afterBot, int limit) {
        return session.executeAsync(after.bind(shard, afterBot, limit).setPageSize(limit))
                .thenApply(result -> {
                    List<ScheduledBot> page = new ArrayList<>();
                    result.currentPage()
                            .forEach(row -> page.add(new ScheduledBot(
                                    Objects.requireNonNull(row.getString("bot")),
                                    Objects.requireNonNull(row.getString("cron")),
                                    row.getString("time_zone"))));
                    return page;
                });
    }
}
