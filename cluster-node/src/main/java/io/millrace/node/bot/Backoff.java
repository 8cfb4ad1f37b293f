package io.millrace.node.bot;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long a bot rests when its runs don't succeed, ms (semantics.md, rule 5). What makes one bot fail makes many fail at the
 * same moment; a random part of up to a tenth on top keeps them from coming back at the same moment too. It comes from the
 * run's id, which is made by chance: so that deciding stays pure. Pure.
 */
final class Backoff {
    /** A rogue bot is tried once in so many ms. */
    static final long ROGUE_MILLIS = Duration.ofMinutes(15).toMillis();

    /** What is added is less than this part of the rest. */
    static final double JITTER = 0.1;

    private static final double BASE = 2.25;
    private static final int POWER = 10;

    /** After many losses a minute, not a quarter of an hour: it may as well have been the machines. */
    private static final int LOSS_POWER = 5;

    private Backoff() {}

    /**
     * After so many errors in a row.
     *
     * @param run the id of the last one
     */
    static long afterErrors(int errors, String run) {
        return errors > BotState.ROGUE_AFTER
                ? rogue(run)
                : jittered((long) (1_000 * Math.pow(BASE, Math.min(POWER, errors))), run);
    }

    /** Of a rogue bot after a run. */
    static long rogue(String run) {
        return jittered(ROGUE_MILLIS, run);
    }

    /**
     * After so many losses in a row before this one: the first replacement starts at once, but an event that kills whoever
     * handles it must not do so at full speed.
     */
    static long afterLosses(int losses) {
        return losses == 0 ? 0 : (long) (1_000 * Math.pow(BASE, Math.min(LOSS_POWER, losses - 1)));
    }

    private static long jittered(long millis, String run) {
        return millis + (long) (millis * JITTER * new SplittableRandom(run.hashCode()).nextDouble());
    }
}
