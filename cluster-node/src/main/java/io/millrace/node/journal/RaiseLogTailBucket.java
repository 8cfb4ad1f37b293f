package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Remembers which buckets are deleted already, so that a deletion that broke off goes on where it was. */
final class RaiseLogTailBucket {
    private final CompareAndSet statement;

    RaiseLogTailBucket(CqlSession session, String keyspace) {
        statement = new CompareAndSet(
                session, "UPDATE " + keyspace + ".log_tail SET bucket = ? WHERE log = ? IF epoch = ? AND bucket < ?");
    }

    /** {@return empty when raised, else the epoch that stands there} */
    CompletionStage<Optional<Long>> run(String log, long epoch, long bucket) {
        return statement
                .run(log, statement.bind(bucket, log, epoch, bucket))
                .thenApply(found -> found.map(row -> row.getLong("epoch")));
    }
}
