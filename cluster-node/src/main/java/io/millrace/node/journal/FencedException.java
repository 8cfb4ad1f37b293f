package io.millrace.node.journal;

import org.jspecify.annotations.Nullable;

/** Somebody else owns the log now. Nothing of this append is or will ever be in it; the caller has to stop at once. */
public final class FencedException extends JournalException {
    /** {@return whether a failure, or what caused it, is this one} */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FencedException) {
                return true;
            }
        }
        return false;
    }

    FencedException(String message) {
        super(message);
    }
}
