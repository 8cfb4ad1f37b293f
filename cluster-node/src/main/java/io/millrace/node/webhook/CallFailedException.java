package io.millrace.node.webhook;

/**
 * A call that came to nothing, perhaps because of an event that was in it; the message is for users and names no address,
 * secret or query.
 */
final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallFailedException(String message) {
        super(message);
    }
}
