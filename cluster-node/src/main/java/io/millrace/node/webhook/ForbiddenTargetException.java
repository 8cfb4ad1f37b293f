package io.millrace.node.webhook;

import io.millrace.node.run.NotTakenException;

/** A webhook's target that must not be reached; the message is for users. */
final class ForbiddenTargetException extends NotTakenException {
    private static final long serialVersionUID = 1L;

    ForbiddenTargetException(String message) {
        super(message);
    }
}
