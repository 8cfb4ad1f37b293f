package io.millrace.node.journal;

/** Too much waits for Cassandra already; nothing was sent. */
public final class JournalBusyException extends JournalException {
    JournalBusyException(String message) {
        super(message);
    }
}
