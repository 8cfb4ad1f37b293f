package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.DriverException;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with a log. The message names the log and says what is known. Without a stack trace, which would only
 * tell of the driver's threads: in an outage every actor gets such an exception with every retry.
 */
public class JournalException extends RuntimeException {
    public JournalException(String message) {
        this(message, null);
    }

    /** Of a failure of the driver only what it says is kept, in the message. */
    public JournalException(String message, @Nullable Throwable cause) {
        super(
                cause instanceof DriverException ? message + ": " + cause : message,
                cause instanceof DriverException ? null : cause,
                true,
                false);
    }
}
