package io.millrace.node.log;

import java.util.function.BiFunction;

/**
 * How a log's records make a state. All pure.
 *
 * @param empty before the first record
 * @param apply one record to a state
 * @param snapshotEvery a snapshot is due after so many records
 */
public record LogRules<E, S>(S empty, BiFunction<S, E, S> apply, int snapshotEvery) {}
