package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Reads what is noted of the bots of one shard in a range of names. */
final class SelectBotRows {
    private final CqlSession session;
    private final PreparedStatement range;

    SelectBotRows(CqlSession session, String keyspace) {
        this.session = session;
        this.range = Quorum.prepare(
                session,
                "SELECT bot, row FROM " + keyspace + ".bot_row WHERE shard = ? AND bot >= ? AND bot <= ? LIMIT ?");
    }

    /** {@return by name, both ends included, at most {@code limit}} */
    CompletionStage<Map<String, String>> run(int shard, String first, String last, int limit) {
        return session.executeAsync(range.bind(shard, first, last, limit).setPageSize(limit))
                .thenApply(result -> {
                    Map<String, String> rows = new TreeMap<>();
                    result.currentPage()
                            .forEach(row -> rows.put(
                                    Objects.requireNonNull(row.getString("bot")),
                                    Objects.requireNonNull(row.getString("row"))));
                    return rows;
                });
    }
}
