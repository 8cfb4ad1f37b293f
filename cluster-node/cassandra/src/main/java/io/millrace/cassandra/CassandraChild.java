package io.millrace.cassandra;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.cassandra.service.CassandraDaemon;

/**
 * Runs Apache Cassandra in this JVM for as long as the parent process lives.
 *
 * <p>The one argument is the file to lock: this process holds it as long as it lives, so that nobody else starts on
 * its data. Standard input is a pipe from the parent that never carries a byte; its end means that the parent is gone,
 * also by {@code kill -9}. Then, as at SIGTERM, the database drains and the process exits, within
 * {@link ParentWatch#DRAIN_LIMIT}.
 */
public final class CassandraChild {

    /** Exit code when another process holds the lock. */
    public static final int EXIT_LOCKED = 75;

    private CassandraChild() {}

    /** Starts the daemon; returns when CQL is being served. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            exitWith(64, "usage: CassandraChild LOCK_FILE");
        }
        TerminalSignals.ignore();
        ParentWatch.start(System.in);
        if (!LifetimeLock.hold(Path.of(arguments[0]))) {
            exitWith(EXIT_LOCKED, "another Cassandra works in this data directory");
        }
        CassandraDaemon.main(new String[0]);
        // The parent looks for this line.
        System.out.println("serving CQL");
    }

    private static void exitWith(int code, String line) {
        System.err.println(line);
        System.exit(code);
    }
}
