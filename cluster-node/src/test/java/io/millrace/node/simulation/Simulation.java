package io.millrace.node.simulation;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Many schedules, each made of its seed alone. */
final class Simulation {
    /** A schedule that went wrong. */
    record Found(long seed, int schedules, String what) {}

    private Simulation() {}

    /** Goes through one schedule. {@return what went wrong} */
    static Optional<String> schedule(long seed, Bugs bugs, AtomicLong steps) {
        World world = new World(seed, bugs, false);
        try {
            steps.addAndGet(world.run());
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation.getMessage());
        } catch (AssertionError | RuntimeException broken) {
            return Optional.of("broken: " + broken + (broken.getCause() == null ? "" : ", " + broken.getCause()));
        }
    }

    /** The steps of a schedule, for people. */
    static String trace(long seed, Bugs bugs) {
        World world = new World(seed, bugs, true);
        try {
            world.run();
            return world.trace();
        } catch (RuntimeException | AssertionError wrong) {
            var text = new java.io.StringWriter();
            wrong.printStackTrace(new java.io.PrintWriter(text));
            return world.trace() + "\n" + text;
        }
    }

    /** Looks for a schedule that goes wrong among so many. */
    static Optional<Found> search(long base, int schedules, Bugs bugs) {
        var steps = new AtomicLong();
        for (int i = 0; i < schedules; i++) {
            long seed = base + i;
            Optional<String> wrong = schedule(seed, bugs, steps);
            if (wrong.isPresent()) {
                return Optional.of(new Found(seed, i + 1, wrong.get()));
            }
        }
        return Optional.empty();
    }
}
