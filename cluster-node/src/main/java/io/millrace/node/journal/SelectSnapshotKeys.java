package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;

/** Lists the snapshots between two sequence numbers without reading them. */
final class SelectSnapshotKeys {
    static final int PAGE = 100;

    private final CqlSession session;
    private final PreparedStatement statement;

    SelectSnapshotKeys(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "SELECT seq, saved_at FROM " + keyspace + ".snapshot WHERE log = ? AND seq <= ? AND seq >= ? LIMIT "
                        + PAGE);
    }

    /** {@return at most {@link #PAGE}, the latest first} */
    CompletionStage<List<Key>> run(String log, long maxSeq, long minSeq) {
        return session.executeAsync(statement.bind(log, maxSeq, minSeq))
                .thenApply(result -> StreamSupport.stream(result.currentPage().spliterator(), false)
                        .map(row -> new Key(row.getLong("seq"), row.getLong("saved_at")))
                        .toList());
    }

    record Key(long seq, long savedAt) {}
}
