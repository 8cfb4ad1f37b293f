package io.millrace.node.journal;

/** The database lacks what was committed, or holds what can't be. No retry helps: an operator has to look. */
public final class CorruptLogException extends JournalException {
    CorruptLogException(String message) {
        super(message);
    }
}
