package io.millrace.node.journal;

/** Somebody else owns the log now. Nothing of this append is or will ever be in it; the caller has to stop at once. */
public final class FencedException extends JournalException {
    FencedException(String message) {
        super(message);
    }
}
