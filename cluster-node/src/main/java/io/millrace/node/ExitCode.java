package io.millrace.node;

/** Why a command of {@code millrace} ended with something else than 0; beside these, 2 means wrong arguments. */
enum ExitCode {
    WRONG_JAVA(10),
    PORT_TAKEN(11),
    DIRECTORY_UNWRITABLE(12),
    DISK_FULL(13),
    DIRECTORY_IN_USE(14),
    CASSANDRA_FAILED(15),
    NODE_FAILED(16),
    DEMO_FAILED(17),
    WRONG_SETTINGS(18),

    /** The cluster has gone on without this node; a new start is all it needs. As in {@code millrace.conf}. */
    REMOVED(20);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
