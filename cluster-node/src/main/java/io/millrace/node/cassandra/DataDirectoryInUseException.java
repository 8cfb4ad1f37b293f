package io.millrace.node.cassandra;

/** Another process works in the data directory. Its line names the directory and the process. */
public final class DataDirectoryInUseException extends CassandraStartException {

    private static final long serialVersionUID = 1L;

    DataDirectoryInUseException(String line) {
        super(line);
    }
}
