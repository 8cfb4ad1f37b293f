package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.CompletionStage;

/** A secret that all nodes of one bus share: the first node that asks for it makes it. */
public final class ClusterSecret {
    private static final int LENGTH = 32;

    private ClusterSecret() {}

    /** The secret of that name, 32 random bytes. */
    public static CompletionStage<byte[]> get(CqlSession session, String keyspace, String name) {
        byte[] fresh = new byte[LENGTH];
        new SecureRandom().nextBytes(fresh);
        SimpleStatement insert = SimpleStatement.builder(
                        "INSERT INTO " + keyspace + ".secret (name, value) VALUES (?, ?) IF NOT EXISTS")
                .addPositionalValues(name, ByteBuffer.wrap(fresh))
                .setExecutionProfileName(Sessions.COMPARE_AND_SET)
                .build();
        return session.executeAsync(insert).thenApply(result -> result.wasApplied() ? fresh : existing(result));
    }

    private static byte[] existing(AsyncResultSet result) {
        Row row = result.one();
        ByteBuffer value = row == null ? null : row.getByteBuffer("value");
        if (value == null) {
            throw new IllegalStateException("the cluster's secret can't be read");
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }
}
