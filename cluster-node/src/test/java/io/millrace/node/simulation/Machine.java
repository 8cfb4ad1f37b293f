package io.millrace.node.simulation;

/** A process on a machine: it may stand still, end and begin anew; its clock is wrong by a little. */
public final class Machine {
    /** When all schedules begin, ms since the epoch. */
    static final long BEGIN = 1_700_000_000_000L;

    private final Scheduler scheduler;
    private final String name;
    private final long clockOffset;
    private long standsUntil = -1;
    private int life = 1;
    private boolean up = true;

    Machine(Scheduler scheduler, String name, long clockOffset) {
        this.scheduler = scheduler;
        this.name = name;
        this.clockOffset = clockOffset;
    }

    /** Its clock, ms since the epoch. */
    public long now() {
        return BEGIN + clockOffset + scheduler.now();
    }

    /** Does something in this life of the process, later where it stands still. */
    public void after(long delay, String what, Object about, Runnable work) {
        int mine = life;
        scheduler.after(delay, what, about, () -> go(mine, false, what, about, work));
    }

    // What waited for the end of a pause stays in the order in which it came.
    private void go(int mine, boolean waited, String what, Object about, Runnable work) {
        if (!up || mine != life) {
            return;
        }
        long rest = standsUntil - scheduler.now();
        if (rest > 0 || (rest == 0 && !waited)) {
            scheduler.after(rest, what, about, () -> go(mine, true, what, about, work));
        } else {
            work.run();
        }
    }

    void pause(long millis) {
        standsUntil = Math.max(standsUntil, scheduler.now() + millis);
    }

    void crash() {
        up = false;
        life++;
        standsUntil = -1;
    }

    /** Begins anew if it has ended. What stands still goes on at the end of its pause: nothing new may overtake what waits. */
    void restart() {
        up = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
