package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cluster.MemberRoll;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The roll of members as rows that expire. */
public final class MemberTable implements MemberRoll {
    private final CqlSession session;
    private final String table;
    private final long seconds;

    /** @param memory how long a member that says nothing more stays on the roll, in whole seconds */
    public MemberTable(CqlSession session, String keyspace, Duration memory) {
        this.session = session;
        this.table = keyspace + ".member";
        this.seconds = memory.toSeconds();
    }

    @Override
    public CompletionStage<Void> note(String node) {
        return run("INSERT INTO " + table + " (bus, node) VALUES ('millrace', ?) USING TTL " + seconds, node);
    }

    @Override
    public CompletionStage<Void> strike(String node) {
        return run("DELETE FROM " + table + " WHERE bus = 'millrace' AND node = ?", node);
    }

    @Override
    public CompletionStage<Set<String>> nodes() {
        return session.executeAsync(statement("SELECT node FROM " + table + " WHERE bus = 'millrace'"))
                .thenApply(rows -> {
                    Set<String> nodes = new HashSet<>();
                    rows.currentPage().forEach(row -> nodes.add(row.getString("node")));
                    return nodes;
                });
    }

    private CompletionStage<Void> run(String cql, String node) {
        return session.executeAsync(statement(cql, node)).thenAccept(done -> {});
    }

    private static SimpleStatement statement(String cql, Object... values) {
        return SimpleStatement.builder(cql)
                .addPositionalValues(values)
                .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
                .setIdempotence(true)
                .build();
    }
}
