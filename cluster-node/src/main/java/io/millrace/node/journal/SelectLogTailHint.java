package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads where a log stood lately: a plain read, that costs no round of Paxos. Not a promise, see RATIONALE.md. */
final class SelectLogTailHint {
    private final CqlSession session;
    private final PreparedStatement statement;

    SelectLogTailHint(CqlSession session, String keyspace) {
        this.session = session;
        this.statement = Quorum.prepare(
                session, "SELECT epoch, tail, floor, bucket FROM " + keyspace + ".log_tail WHERE log = ?");
    }

    CompletionStage<Optional<LogTail>> run(String log) {
        return session.executeAsync(statement.bind(log))
                .thenApply(result -> Optional.ofNullable(result.one()).map(row -> SelectLogTail.read(log, row)));
    }
}
