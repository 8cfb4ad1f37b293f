package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Hides the oldest records from everybody; never lowers the floor, so that a repetition does no harm. */
final class RaiseLogTailFloor {
    private final CompareAndSet statement;

    RaiseLogTailFloor(CqlSession session, String keyspace) {
        statement = new CompareAndSet(
                session, "UPDATE " + keyspace + ".log_tail SET floor = ? WHERE log = ? IF epoch = ? AND floor < ?");
    }

    /** {@return empty when raised, else the epoch that stands there; ours when the floor was as high already} */
    CompletionStage<Optional<Long>> run(String log, long epoch, long floor) {
        return statement
                .run(log, statement.bind(floor, log, epoch, floor))
                .thenApply(found -> found.map(row -> row.getLong("epoch")));
    }
}
