package io.millrace.node.log;

import java.util.function.Function;

/**
 * How a log speaks to the actor in front of it.
 *
 * @param recovered the log was claimed and read; this is the state that it makes
 * @param persisted what was handed over last is durable; this is the state that it makes
 * @param restart time to begin again: the front actor is to call {@link LogKeeper#start}
 */
public record FrontMessages<M, S>(Function<S, M> recovered, Function<S, M> persisted, M restart) {}
