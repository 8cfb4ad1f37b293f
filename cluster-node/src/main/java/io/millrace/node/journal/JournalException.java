package io.millrace.node.journal;

import org.jspecify.annotations.Nullable;

/** What can go wrong with a log. The message names the log and says what is known. */
public class JournalException extends RuntimeException {
    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
