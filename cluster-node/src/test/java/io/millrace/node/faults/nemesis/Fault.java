package io.millrace.node.faults.nemesis;

import java.util.List;
import java.util.Random;

/**
 * One kind of fault.
 *
 * @param victim what it hurts
 * @param kind its name in histories and summaries
 * @param claims what it is there to hit: {@code queue}, {@code bot}, {@code oldest}, {@code worker}, {@code webhook} or nothing
 * @param script strikes, holds and heals; returns when the thing that was hurt is on its way back
 */
record Fault(Victim victim, String kind, String claims, Script script) {
    /** What kinds of things are hurt. */
    enum Victim {
        NODE,
        STORAGE,
        WORKER,
        WEBHOOK
    }

    /** What happens. */
    @FunctionalInterface
    interface Script {
        void play(Fault fault, Stage stage, Random random) throws InterruptedException;
    }

    void play(Stage stage, Random random) throws InterruptedException {
        script.play(this, stage, random);
    }

    /** Two that hurt the same thing would undo each other. */
    boolean goesWith(Fault other) {
        return victim != other.victim;
    }

    static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    static void hold(long least, long most, Random random) throws InterruptedException {
        Thread.sleep(least + random.nextLong(most - least + 1));
    }
}
