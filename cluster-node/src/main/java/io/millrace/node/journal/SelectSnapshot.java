package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads the latest snapshot between two sequence numbers. */
final class SelectSnapshot {
    private final CqlSession session;
    private final PreparedStatement statement;

    SelectSnapshot(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session,
                "SELECT seq, saved_at, manifest, state FROM " + keyspace
                        + ".snapshot WHERE log = ? AND seq <= ? AND seq >= ? LIMIT 1");
    }

    CompletionStage<Optional<Found>> run(String log, long maxSeq, long minSeq) {
        return session.executeAsync(statement.bind(log, maxSeq, minSeq))
                .thenApply(result -> Optional.ofNullable(result.one())
                        .map(row -> new Found(
                                row.getLong("seq"),
                                row.getLong("saved_at"),
                                new EncodedSnapshot(
                                        Objects.requireNonNullElse(row.getString("manifest"), ""),
                                        Rows.bytes(row, "state")))));
    }

    /** A snapshot; {@code savedAt} in ms since the epoch. */
    record Found(long seq, long savedAt, EncodedSnapshot snapshot) {}
}
