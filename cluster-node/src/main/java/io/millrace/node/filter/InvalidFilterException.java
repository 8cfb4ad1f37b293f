package io.millrace.node.filter;

/** An expression that can't be used; its message says why, in our words. */
public final class InvalidFilterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    InvalidFilterException(String message) {
        super(message, null, false, false);
        reason = message;
    }

    String reason() {
        return reason;
    }
}
