package io.millrace.node;

/** Why {@code millrace dev} ended with something else than 0; beside these, 2 means wrong arguments. */
enum DevExit {
    WRONG_JAVA(10),
    PORT_TAKEN(11),
    DIRECTORY_UNWRITABLE(12),
    DISK_FULL(13),
    DIRECTORY_IN_USE(14),
    CASSANDRA_FAILED(15),
    NODE_FAILED(16),
    DEMO_FAILED(17);

    private final int code;

    DevExit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
