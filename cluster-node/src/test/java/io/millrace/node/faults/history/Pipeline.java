package io.millrace.node.faults.history;

import java.util.List;

/**
 * A bot that reads queues and writes one: what rule 8 holds its output against. A bot that writes several queues is
 * several pipelines.
 *
 * @param sources the queues that it reads from their beginning
 * @param target the queue that it writes
 * @param poison one value in so many is poison to the bot ({@link Lots#isPoison}) and has to be a dead letter; 0 for none
 * @param lanes whether it has lanes: then only events of the same key ({@link Lots#key}) keep their order
 */
public record Pipeline(String bot, List<String> sources, String target, Shape shape, int poison, boolean lanes) {
    /** How many parents an output has. */
    public enum Shape {
        /** Each source event gives one output with it as the one parent, in the order of the source. */
        EACH,

        /** As {@link #EACH}, but each gives as many as {@link Lots#spread} says, numbered. */
        MANY,

        /** Outputs have one or more consecutive parents of one source; together they hold each source event once. */
        REDUCE
    }

    /** Without poison or lanes. */
    public Pipeline(String bot, List<String> sources, String target, Shape shape) {
        this(bot, sources, target, shape, 0, false);
    }

    /** The queue of what the bot couldn't handle. */
    public String dead() {
        return bot + ".dead";
    }

    /** The queue by which dead letters go back through the bot. */
    public String redriven() {
        return bot + ".redrive";
    }
}
