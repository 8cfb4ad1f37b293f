package io.millrace.node.journal;

import org.jspecify.annotations.Nullable;

/** The append may or may not be in the log: only the next claim tells. This claim is dead; the caller has to stop. */
public final class UnknownOutcomeException extends JournalException {
    UnknownOutcomeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
