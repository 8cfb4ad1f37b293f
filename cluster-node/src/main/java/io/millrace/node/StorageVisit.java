package io.millrace.node;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.settings.CassandraSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a command that does its work straight in a bus's Cassandra gets there. */
final class StorageVisit {
    private StorageVisit() {}

    /** What is done there. It may block. */
    @FunctionalInterface
    interface Work<T> {
        T with(CqlSession session) throws StartRefusal, InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * Opens a session, does the work and closes the session. Blocks.
     *
     * @param seconds how long to wait for Cassandra
     * @throws StartRefusal if it doesn't answer in time, or refuses
     */
    static <T> T make(CassandraSettings settings, int seconds, Work<T> work) throws StartRefusal, InterruptedException {
        CompletableFuture<CqlSession> opening = Sessions.open(settings).toCompletableFuture();
        try (CqlSession session = opening.get(seconds, TimeUnit.SECONDS)) {
            return work.with(session);
        } catch (TimeoutException away) {
            opening.cancel(true);
            throw new StartRefusal(
                    ExitCode.CASSANDRA_FAILED, "no answer from Cassandra at " + settings.contactPoints());
        } catch (ExecutionException | DriverException failed) {
            throw new StartRefusal(
                    ExitCode.CASSANDRA_FAILED,
                    "Cassandra refused: " + root(failed).getMessage());
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
