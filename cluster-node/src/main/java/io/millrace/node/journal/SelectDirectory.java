package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads a run of names of one shard in order. */
final class SelectDirectory {
    private final CqlSession session;
    private final PreparedStatement from;

    SelectDirectory(CqlSession session, String keyspace) {
        this.session = session;
        this.from = Quorum.prepare(
                session,
                "SELECT name FROM " + keyspace
                        + ".directory WHERE kind = ? AND shard = ? AND name >= ? AND name < ? LIMIT ?");
    }

    /** {@return at most {@code limit} names, {@code from} included, {@code to} not} */
    CompletionStage<List<String>> run(String kind, int shard, String fromName, String toName, int limit) {
        return session.executeAsync(
                        from.bind(kind, shard, fromName, toName, limit).setPageSize(limit))
                .thenApply(result -> {
                    var names = new ArrayList<String>();
                    result.currentPage().forEach(row -> names.add(row.getString("name")));
                    return names;
                });
    }
}
