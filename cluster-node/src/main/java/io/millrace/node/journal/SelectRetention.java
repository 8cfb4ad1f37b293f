package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Reads when the queues of one shard are to be looked at, in the order of their names. */
final class SelectRetention {
    private final CqlSession session;
    private final PreparedStatement after;

    SelectRetention(CqlSession session, String keyspace) {
        this.session = session;
        this.after = Quorum.prepare(
                session, "SELECT queue, due FROM " + keyspace + ".retention WHERE shard = ? AND queue > ? LIMIT ?");
    }

    CompletionStage<List<DueQueue>> run(int shard, String afterQueue, int limit) {
        return session.executeAsync(after.bind(shard, afterQueue, limit).setPageSize(limit))
                .thenApply(result -> {
                    List<DueQueue> page = new ArrayList<>();
                    result.currentPage()
                            .forEach(row -> page.add(
                                    new DueQueue(Objects.requireNonNull(row.getString("queue")), row.getLong("due"))));
                    return page;
                });
    }
}
