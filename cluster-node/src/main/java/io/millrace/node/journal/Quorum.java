package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;

/** What all statements but the compare-and-sets share: a quorum both ways, and no harm in a repetition. */
final class Quorum {
    private Quorum() {}

    static PreparedStatement prepare(CqlSession session, String cql) {
        return session.prepare(SimpleStatement.builder(cql)
                .setIdempotence(true)
                .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
                .build());
    }
}
