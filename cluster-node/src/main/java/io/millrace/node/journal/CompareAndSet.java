package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cassandra.Sessions;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What all compare-and-set statements on {@code log_tail} share: never repeated, never guessed. */
final class CompareAndSet {
    private final CqlSession session;
    private final PreparedStatement statement;

    CompareAndSet(CqlSession session, String cql) {
        this.session = session;
        this.statement = session.prepare(SimpleStatement.builder(cql)
                .setIdempotence(false)
                // ANY, which doesn't wait until what was decided is carried out, was measured: with one copy it gains
                // nothing.
                .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
                .setSerialConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL)
                .setExecutionProfileName(Sessions.COMPARE_AND_SET)
                .build());
    }

    BoundStatement bind(Object... values) {
        return statement.bind(values);
    }

    /** {@return empty when it was applied, else the row that stands there} */
    CompletionStage<Optional<Row>> run(String log, BoundStatement bound) {
        return session.executeAsync(bound).thenApply(result -> standing(log, result));
    }

    private static Optional<Row> standing(String log, AsyncResultSet result) {
        if (result.wasApplied()) {
            return Optional.empty();
        }
        Row row = result.one();
        if (row == null || !row.getColumnDefinitions().contains("epoch")) {
            throw new CorruptLogException("log " + log + " has lost its row in log_tail");
        }
        return Optional.of(row);
    }
}
