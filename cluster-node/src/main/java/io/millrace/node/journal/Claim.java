package io.millrace.node.journal;

import org.jspecify.annotations.Nullable;

/**
 * The right to append to a log, until a newer claim takes it away. It dies of the first failure and never comes back:
 * what it left behind at its place must not be overwritten under the same epoch.
 */
public final class Claim {
    private final String log;
    private final long epoch;
    private final long floor;
    private long tail;
    private boolean appending;
    private @Nullable JournalException death;

    Claim(LogTail claimed) {
        this.log = claimed.log();
        this.epoch = claimed.epoch();
        this.floor = claimed.floor();
        this.tail = claimed.tail();
    }

    public String log() {
        return log;
    }

    public long epoch() {
        return epoch;
    }

    /** {@return the last sequence number that retention had removed when the log was claimed} */
    public long floor() {
        return floor;
    }

    /** {@return the last sequence number that is known to be committed} */
    public synchronized long tail() {
        return tail;
    }

    /** {@return whether an append may still succeed} */
    public synchronized boolean alive() {
        return death == null;
    }

    synchronized void begin(long firstSeq) {
        if (death != null) {
            throw new FencedException(this + " is dead, claim again: " + death.getMessage());
        }
        if (appending) {
            throw new IllegalStateException(this + ": an append is under way");
        }
        if (firstSeq != tail + 1) {
            throw new IllegalArgumentException(this + ": append at " + firstSeq + " would leave a gap");
        }
        appending = true;
    }

    /** Nothing was sent: the place is still free. */
    synchronized void abandon() {
        appending = false;
    }

    synchronized void committed(long newTail) {
        tail = newTail;
        appending = false;
    }

    synchronized void die(JournalException cause) {
        if (death == null) {
            death = cause;
        }
    }

    @Override
    public synchronized String toString() {
        return "claim of " + log + " epoch " + epoch + " tail " + tail;
    }
}
