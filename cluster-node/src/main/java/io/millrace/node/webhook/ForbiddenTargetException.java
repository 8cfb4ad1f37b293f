package io.millrace.node.webhook;

/** A webhook's target that must not be reached; the message is for users. */
final class ForbiddenTargetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForbiddenTargetException(String message) {
        super(message);
    }
}
