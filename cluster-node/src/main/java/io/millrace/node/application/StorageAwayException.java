package io.millrace.node.application;

/** The storage didn't answer a request that changes nothing, or nothing that matters; the same request may succeed later. */
public final class StorageAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageAwayException(Throwable cause) {
        super("the storage doesn't answer", cause);
    }
}
