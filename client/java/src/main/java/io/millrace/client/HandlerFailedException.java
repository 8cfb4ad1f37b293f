package io.millrace.client;

/** The handler threw, or gave more than can be sent. */
final class HandlerFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Throwable failure;

    HandlerFailedException(Throwable failure) {
        super(failure);
        this.failure = failure;
    }

    Throwable failure() {
        return failure;
    }
}
