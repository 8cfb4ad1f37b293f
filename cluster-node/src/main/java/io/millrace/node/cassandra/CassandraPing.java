package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks Cassandra for a sign of life. */
public final class CassandraPing {
    private static final Duration LIMIT = Duration.ofMillis(1_500);

    private final CqlSession session;
    private final SimpleStatement statement = SimpleStatement.newInstance("SELECT release_version FROM system.local")
            .setTimeout(LIMIT);

    public CassandraPing(CqlSession session) {
        this.session = session;
    }

    /** Whether it answers, within 1.5 s. */
    public CompletionStage<Boolean> answers() {
        return session.executeAsync(statement).handle((result, failure) -> failure == null);
    }
}
