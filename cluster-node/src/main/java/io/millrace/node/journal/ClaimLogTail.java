package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes a log away from its last owner. All that the claim tells its caller is part of the condition. */
final class ClaimLogTail {
    private final CompareAndSet statement;

    ClaimLogTail(CqlSession session, String keyspace) {
        statement = new CompareAndSet(
                session,
                "UPDATE " + keyspace + ".log_tail SET epoch = ? WHERE log = ?"
                        + " IF epoch = ? AND tail = ? AND floor = ? AND bucket = ?");
    }

    /** {@return empty when {@code next} is ours, else where the log stands now} */
    CompletionStage<Optional<LogTail>> run(LogTail seen) {
        var bound =
                statement.bind(seen.epoch() + 1, seen.log(), seen.epoch(), seen.tail(), seen.floor(), seen.bucket());
        return statement
                .run(seen.log(), bound)
                .thenApply(found -> found.map(row -> SelectLogTail.read(seen.log(), row)));
    }
}
