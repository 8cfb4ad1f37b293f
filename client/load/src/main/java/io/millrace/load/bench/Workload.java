package io.millrace.load.bench;

import java.util.List;

/** A kind of work that is measured, some repetitions of it, each on queues of its own. */
interface Workload {
    /**
     * Brings compilers and connections nearer to where they will stay; nothing of it is told.
     *
     * @param round how often this was called, from 1
     * @return whether there is anything to warm up
     */
    default boolean warmUp(int round) throws InterruptedException {
        return false;
    }

    /**
     * Measures once.
     *
     * @param rep the repetition, from 1
     * @return one result or several; one that isn't {@link Result#isOk} has seen something that must not be
     * @throws RuntimeException if it couldn't be done
     */
    List<Result> measure(int rep) throws InterruptedException;

    /** How often at most, for those that take long or leave much behind; else as often as was asked for. */
    default int mostRepetitions() {
        return Integer.MAX_VALUE;
    }
}
