package io.millrace.node.cassandra;

/** The child Cassandra can't be started. The message is one line for people: what is wrong, and where to look. */
public class CassandraStartException extends Exception {

    private static final long serialVersionUID = 1L;

    CassandraStartException(String message) {
        super(message);
    }

    CassandraStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
