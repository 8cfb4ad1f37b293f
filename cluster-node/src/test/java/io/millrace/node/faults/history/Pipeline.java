package io.millrace.node.faults.history;

import java.util.List;

/**
 * A bot that reads queues and writes one: what rule 8 holds its output against. A bot that writes several queues is
 * several pipelines.
 *
 * @param sources the queues that it reads from their beginning
 * @param target the queue that it writes
 */
public record Pipeline(String bot, List<String> sources, String target, Shape shape) {
    /** How many parents an output has. */
    public enum Shape {
        /** Each source event gives one output with it as the one parent, in the order of the source. */
        EACH,

        /** Outputs have one or more consecutive parents of one source; together they hold each source event once. */
        REDUCE
    }
}
