package io.millrace.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The protocol's own code in many random schedules. {@code -Dmillrace.simulation.seed=N} goes through one schedule again and
 * prints its steps, {@code -Dmillrace.simulation.base=N} repeats a whole run, {@code -Dmillrace.simulation.schedules=N} makes
 * it longer.
 */
class SimulationTest {
    private static final int THREADS = 2;

    @Test
    void noScheduleBreaksTheRules() {
        Long one = Long.getLong("millrace.simulation.seed");
        if (one != null) {
            System.out.println(Simulation.trace(one, Bugs.NONE));
            assertThat(Simulation.schedule(one, Bugs.NONE, new AtomicLong())).isEmpty();
            return;
        }
        int schedules = Integer.getInteger("millrace.simulation.schedules", 100_000);
        long base = Long.getLong("millrace.simulation.base", System.nanoTime());
        System.out.println("simulation: seeds from " + base);
        long began = System.nanoTime();
        var next = new AtomicInteger();
        var steps = new AtomicLong();
        var cpu = new AtomicLong();
        var found = new AtomicReference<Simulation.Found>();
        // A pool of its own: the common one has a single thread on two cores.
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<CompletableFuture<?>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(CompletableFuture.runAsync(
                    () -> {
                        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                        for (int n = next.getAndIncrement();
                                n < schedules && found.get() == null;
                                n = next.getAndIncrement()) {
                            long seed = base + n;
                            Optional<String> wrong = Simulation.schedule(seed, Bugs.NONE, steps);
                            if (wrong.isPresent()) {
                                found.compareAndSet(null, new Simulation.Found(seed, n + 1, wrong.get()));
                            }
                        }
                        cpu.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore);
                    },
                    pool));
        }
        threads.forEach(CompletableFuture::join);
        pool.shutdown();
        double seconds = (System.nanoTime() - began) / 1e9;
        if (found.get() != null) {
            System.out.println(Simulation.trace(found.get().seed(), Bugs.NONE));
        }
        System.out.printf(
                "simulation: %d schedules in %.1f s (%.1f s of CPU), %.0f a second, %.0f steps each%n",
                Math.min(next.get(), schedules),
                seconds,
                cpu.get() / 1e9,
                schedules / seconds,
                steps.get() / (double) schedules);
        assertThat(found.get())
                .as("a schedule that breaks a rule; again with -Dmillrace.simulation.seed=<its seed>")
                .isNull();
    }
}
