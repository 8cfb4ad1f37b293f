package io.millrace.node.cassandra;

/** The child Cassandra can't be started. */
public class CassandraStartException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String line;

    CassandraStartException(String line) {
        super(line);
        this.line = line;
    }

    CassandraStartException(String line, Throwable cause) {
        super(line, cause);
        this.line = line;
    }

    /** One line for people: what is wrong, and where to look. */
    public String line() {
        return line;
    }
}
