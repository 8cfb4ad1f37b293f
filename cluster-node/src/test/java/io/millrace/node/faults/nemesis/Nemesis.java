package io.millrace.node.faults.nemesis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Plays faults in a seeded random order, each kind once before any comes again; now and then two at once. */
public final class Nemesis {
    private final Stage stage;
    private final Random random;
    private final List<Fault> faults = new ArrayList<>();

    /**
     * Takes some of all faults.
     *
     * @param kinds a regular expression that a kind's name has to contain
     */
    public Nemesis(Stage stage, long seed, String kinds) {
        this.stage = stage;
        this.random = new Random(seed);
        List<Fault> all = new ArrayList<>(NodeFaults.all());
        all.addAll(CutFaults.all());
        all.addAll(StorageFaults.all());
        all.addAll(ClusterFaults.all());
        all.addAll(WorkerFaults.all());
        all.addAll(WebhookFaults.all());
        all.stream()
                .filter(fault -> fault.kind().matches(".*(" + kinds + ").*"))
                .forEach(faults::add);
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("no kind of fault matches " + kinds);
        }
    }

    /** Returns when the time is over and the last fault has healed. */
    public void rage(Duration duration) throws InterruptedException {
        long start = System.nanoTime();
        List<Fault> left = new ArrayList<>();
        while (System.nanoTime() - start < duration.toNanos()) {
            if (left.isEmpty()) {
                left.addAll(faults);
                Collections.shuffle(left, random);
            }
            Fault fault = left.remove(0);
            Optional<Fault> beside = random.nextInt(5) == 0
                    ? left.stream().filter(other -> other.goesWith(fault)).findFirst()
                    : Optional.empty();
            beside.ifPresent(left::remove);
            play(fault, beside);
            stage.awaitReady();
            Fault.hold(2_000, 6_000, random);
        }
    }

    private void play(Fault fault, Optional<Fault> beside) throws InterruptedException {
        Random other = new Random(random.nextLong());
        Thread second = new Thread(() -> {
            try {
                beside.orElseThrow().play(stage, other);
            } catch (InterruptedException ended) {
                // The run ends.
            } catch (RuntimeException failed) {
                stage.broke(failed);
            }
        });
        if (beside.isPresent()) {
            second.start();
        }
        fault.play(stage, new Random(random.nextLong()));
        if (beside.isPresent()) {
            second.join();
        }
        stage.requireSound();
    }
}
