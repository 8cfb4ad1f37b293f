package io.millrace.protocol.pace;

/**
 * Gives out what a {@link Ramp} allows, from when it was made on. What nobody took is lost but for a tenth of a second's worth,
 * so that in any time t no more is given than for t + 0.1 s, and one event at least. Thread-safe; times are ms of any clock that
 * only goes on.
 */
public final class Pace {
    private static final double WORTH_SECONDS = 0.1;
    private static final long LONGEST_WAIT = 100;

    private final Ramp ramp;
    private final long begun;
    private double spent;

    /** Begins now. */
    public Pace(Ramp ramp, long now) {
        this.ramp = ramp;
        this.begun = now;
    }

    /**
     * Takes some of what is allowed.
     *
     * @param most at least 1
     * @return how many events, 0 for none yet: see {@link #delay}
     */
    public synchronized int take(int most, long now) {
        if (ramp.isOver(now - begun)) {
            return most;
        }
        int taken = (int) Math.min(most, credit(now));
        spent += taken;
        return taken;
    }

    /** Gives back what was taken and isn't used. */
    public synchronized void giveBack(int events) {
        spent -= events;
    }

    /** How long to wait before so many, or as many as are given at once, can be taken: 1 to 100 ms. */
    public synchronized long delay(int most, long now) {
        double missing = Math.min(most, Math.floor(worth(now))) - credit(now);
        return Math.max(1, Math.min(LONGEST_WAIT, (long) Math.ceil(missing * 1_000 / ramp.rate(now - begun))));
    }

    private double credit(long now) {
        double earned = ramp.events(now - begun);
        spent = Math.max(spent, earned - worth(now));
        return earned - spent;
    }

    private double worth(long now) {
        return Math.max(1, ramp.rate(now - begun) * WORTH_SECONDS);
    }
}
