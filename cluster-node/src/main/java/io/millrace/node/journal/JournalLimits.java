package io.millrace.node.journal;

/**
 * The limits of the journal on one node; past each of them something is refused, never queued without end.
 *
 * @param recordBytes head and body of one record, at most 15 MiB: Cassandra refuses a message over 16 MiB
 * @param headBytes of one record; replay holds one page of them in memory
 * @param recordsPerAppend of one append
 * @param snapshotBytes of one snapshot, at most 15 MiB
 * @param bytesInFlight of all appends that Cassandra hasn't acknowledged; the others wait. Stays below what one
 *     Cassandra takes at a time (64 MiB in our settings), so that small requests get through beside the bulk
 * @param appendsWaiting appends that wait for their turn; each persistent actor has at most one
 * @param claimsInFlight claims at a time: after a crash all actors of a node recover at once
 * @param claimsWaiting claims that wait for their turn
 * @param snapshotsKept the newest snapshots of a log that are kept; two, so that a broken one has a predecessor
 */
public record JournalLimits(
        int recordBytes,
        int headBytes,
        int recordsPerAppend,
        int snapshotBytes,
        long bytesInFlight,
        int appendsWaiting,
        int claimsInFlight,
        int claimsWaiting,
        int snapshotsKept) {
    private static final int MIB = 1024 * 1024;
    private static final int MESSAGE = 15 * MIB;

    /** 12 MiB a record, 64 KiB a head, 1,000 records an append, 8 MiB a snapshot, 32 MiB in flight. */
    public static JournalLimits defaults() {
        return new JournalLimits(12 * MIB, 64 * 1024, 1_000, 8 * MIB, 32L * MIB, 10_000, 64, 10_000, 2);
    }

    /** The same limits with more or fewer snapshots kept. */
    JournalLimits keeping(int snapshots) {
        return new JournalLimits(
                recordBytes,
                headBytes,
                recordsPerAppend,
                snapshotBytes,
                bytesInFlight,
                appendsWaiting,
                claimsInFlight,
                claimsWaiting,
                snapshots);
    }

    public JournalLimits {
        check(recordBytes > 0 && recordBytes <= MESSAGE, "journal.record-bytes: 1 to 15 MiB");
        check(headBytes > 0 && headBytes <= recordBytes, "journal.head-bytes: 1 to record-bytes");
        check(recordsPerAppend > 0, "journal.records-per-append: at least 1");
        check(snapshotBytes > 0 && snapshotBytes <= MESSAGE, "journal.snapshot-bytes: 1 to 15 MiB");
        check(bytesInFlight > 0, "journal.bytes-in-flight: at least 1");
        check(appendsWaiting >= 0, "journal.appends-waiting: at least 0");
        check(claimsInFlight > 0, "journal.claims-in-flight: at least 1");
        check(claimsWaiting >= 0, "journal.claims-waiting: at least 0");
        check(snapshotsKept > 0, "journal.snapshots-kept: at least 1");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
