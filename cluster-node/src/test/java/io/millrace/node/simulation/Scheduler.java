package io.millrace.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Virtual time and the steps that wait for theirs; one thread, one order. */
public final class Scheduler {
    private static final int MOST_STEPS = 20_000;

    private record Step(long time, long number, String what, Object about, Runnable work) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long now;
    private long number;
    private int taken;

    Scheduler(boolean tracing) {
        this.tracing = tracing;
    }

    /** Virtual ms since the schedule began. */
    public long now() {
        return now;
    }

    int taken() {
        return taken;
    }

    /** Does something later; {@code what} and {@code about} are for people. */
    public void after(long delay, String what, Object about, Runnable work) {
        steps.add(new Step(now + delay, number++, what, about, work));
    }

    /** Tells people what has happened. */
    public void note(String what, Object about) {
        if (tracing) {
            trace.add(String.format("%6d   %s %s", now, what, about));
        }
    }

    boolean isTracing() {
        return tracing;
    }

    /** Takes the next step; false if there is none up to {@code end}. */
    boolean step(long end) {
        Step next = steps.peek();
        if (next == null || next.time > end) {
            return false;
        }
        if (++taken > MOST_STEPS) {
            throw new Violation("stuck: " + MOST_STEPS + " steps and no end");
        }
        steps.remove();
        now = next.time;
        note(next.what, next.about);
        next.work.run();
        return true;
    }

    String trace() {
        return String.join("\n", trace);
    }
}
