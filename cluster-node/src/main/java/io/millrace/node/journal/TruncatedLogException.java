package io.millrace.node.journal;

/** Retention removed what was asked for. Read on from {@link #first}. */
public final class TruncatedLogException extends JournalException {
    private final long first;

    TruncatedLogException(String log, long seq, long first) {
        super("log " + log + ": record " + seq + " was removed by retention, the first one kept is " + first);
        this.first = first;
    }

    /** {@return the first sequence number that can still be read} */
    public long first() {
        return first;
    }
}
