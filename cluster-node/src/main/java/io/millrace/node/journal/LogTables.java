package io.millrace.node.journal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The two tables of the logs, as the protocol sees them: one method a statement, each sent once. What fails may have been
 * carried out, or be carried out later. Apart from the statements themselves, so that the protocol runs over a store that a
 * simulation drives.
 */
interface LogTables {
    /** Writes one row beyond the tail. {@return when a quorum has it} */
    CompletionStage<?> insertRow(String log, long seq, long epoch, EncodedEvent event);

    /** Makes rows exist if the log stands at this epoch and tail. {@return empty when done, else who stands there} */
    CompletionStage<Optional<Standing>> commitTail(String log, long epoch, long tail, long newTail);

    /** Claims a log that doesn't exist. {@return empty when done, else where the log stands} */
    CompletionStage<Optional<LogTail>> insertTail(String log);

    /** Raises the epoch by one if the log stands exactly so. {@return empty when done, else where it stands} */
    CompletionStage<Optional<LogTail>> claimTail(LogTail seen);

    /** {@return where the log stands; a compare-and-set that is half done is finished or dropped first} */
    CompletionStage<Optional<LogTail>> selectTail(String log);

    /** {@return where the log stood lately: a hint that only a compare-and-set can make use of} */
    CompletionStage<Optional<LogTail>> selectTailHint(String log);

    /** Reads rows of one bucket without their bodies. {@return the highest epoch of each place first} */
    CompletionStage<List<LogRecord>> selectHeads(String log, long bucket, long from, long to, int rows);

    /** Reads whole rows of one bucket. {@return the highest epoch of each place first} */
    CompletionStage<List<LogRecord>> selectRows(String log, long bucket, long from, long to, int rows);

    /** Reads what rows of one bucket weigh. {@return the highest epoch of each place first} */
    CompletionStage<List<Size>> selectSizes(String log, long bucket, long from, long to, int rows);

    /** Raises the floor in this epoch, never lowers it. {@return empty when raised, else the epoch that stands there} */
    CompletionStage<Optional<Long>> raiseFloor(String log, long epoch, long floor);

    /** Raises the first bucket with rows in this epoch. {@return empty when raised, else the epoch that stands there} */
    CompletionStage<Optional<Long>> raiseBucket(String log, long epoch, long bucket);

    /** Deletes all rows of a bucket. */
    CompletionStage<?> deleteBucket(String log, long bucket);

    /** Who a compare-and-set met. */
    record Standing(long epoch, long tail) {}

    /** What the row at a place weighs, bytes. */
    record Size(long seq, int bytes) {}
}
