package io.millrace.node.journal;

/** Told of what the journal does, on the driver's threads: must not block, must not throw. Times in nanoseconds. */
public interface JournalMetrics {
    /** Counts nothing. */
    JournalMetrics NONE = new JournalMetrics() {};

    /** An append was acknowledged. {@code waitNanos} is what it waited for its turn. */
    default void appended(int records, long bytes, long waitNanos, long rowsNanos, long commitNanos) {}

    /** An append or a claim met a newer owner. */
    default void fenced() {}

    /** An append ended with an unknown outcome. */
    default void unknown() {}

    /** An append or a claim was refused because too many wait. */
    default void busy() {}

    /** A log was claimed. */
    default void claimed(int attempts, long nanos) {}

    /** Records were read for replay or by a reader. */
    default void read(int records, long bytes, long nanos) {}

    /** A snapshot couldn't be decoded; an older one or the log serves instead. */
    default void snapshotSkipped() {}
}
