package io.millrace.node.log;

import java.util.function.BiFunction;
import java.util.function.ObjLongConsumer;

/**
 * How a log's records make a state, and when that is saved.
 *
 * @param empty before the first record
 * @param apply one record to a state; pure
 * @param snapshotDue whether the state is to be saved now; pure
 * @param snapshotSaved told the state as it is by now, and the last record that a saved one covers; in the log's own actor
 */
public record LogRules<E, S>(
        S empty, BiFunction<S, E, S> apply, SnapshotDue<E, S> snapshotDue, ObjLongConsumer<S> snapshotSaved) {

    /** Tells whether a state is to be saved. */
    @FunctionalInterface
    public interface SnapshotDue<E, S> {
        /**
         * After one record.
         *
         * @param state that the record has led to
         * @param sequence its number in the log
         */
        boolean after(S state, E record, long sequence);
    }

    /** Has the state saved after every so many records. */
    public LogRules(S empty, BiFunction<S, E, S> apply, int snapshotEvery) {
        this(empty, apply, (state, record, sequence) -> sequence % snapshotEvery == 0, (state, sequence) -> {});
    }
}
