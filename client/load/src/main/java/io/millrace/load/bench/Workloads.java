package io.millrace.load.bench;

import io.millrace.load.Events;
import io.millrace.load.bus.OwnBus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The workloads by the names that the command line has for them. */
final class Workloads {
    /** The one that kills nodes, which only a bus of the bench's own lets it do. */
    static final String CRASH = "w6";

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final Map<String, Function<Stage, List<Workload>>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("w1", stage -> List.of(Throughput.standard(stage, false)));
        BY_NAME.put("w2", stage -> List.of(Throughput.standard(stage, true)));
        BY_NAME.put("w1b", Workloads::singlePuts);
        BY_NAME.put("w3", stage -> List.of(EndToEnd.direct(stage)));
        BY_NAME.put("hop", stage -> perHandler(stage, onNode -> Hop.workload(stage, onNode)));
        BY_NAME.put("w4", stage -> perHandler(stage, onNode -> new Pipeline(stage, onNode)));
        BY_NAME.put("w5", Workloads::many);
        BY_NAME.put("large", Workloads::largeAndOdd);
        BY_NAME.put("scale", stage -> List.of(new Scale(stage, 1), new Scale(stage, 4), new Scale(stage, 16)));
        BY_NAME.put(CRASH, stage -> stage.bus() instanceof OwnBus own ? List.of(new Crash(stage, own)) : List.of());
    }

    private Workloads() {}

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** Those of a name. W1 isn't measured twice where W2 is asked for too, which loads what it reads. */
    static Map<String, List<Workload>> of(Set<String> names, Stage stage) {
        Set<String> wanted = new LinkedHashSet<>(names);
        if (wanted.contains("w2")) {
            wanted.remove("w1");
        }
        Map<String, List<Workload>> workloads = new LinkedHashMap<>();
        wanted.forEach(name -> workloads.put(
                name, BY_NAME.getOrDefault(name, none -> List.of()).apply(stage)));
        return workloads;
    }

    private static List<Workload> singlePuts(Stage stage) {
        List<Workload> workloads = new ArrayList<>();
        stage.bus().cassandra().ifPresent(cassandra -> workloads.add(new FlushedInsert(stage, cassandra)));
        workloads.add(new PutLatency(stage, 1));
        workloads.add(new PutLatency(stage, 64));
        return workloads;
    }

    private static List<Workload> many(Stage stage) {
        int bots = Math.min(1_000, stage.options().events(1_000));
        return stage.options().n == null
                ? List.of(new ManyQueues(stage, 1_000), new ManyQueues(stage, 10_000), new SleepingBots(stage, bots))
                : List.of(new ManyQueues(stage, stage.options().n), new SleepingBots(stage, bots));
    }

    private static List<Workload> largeAndOdd(Stage stage) {
        int n = stage.options().events(1_000_000);
        return List.of(
                Throughput.of(stage, Events.of(Events.Note.PADDED, Events.LEAST), "10B", n),
                Throughput.of(stage, Events.of(Events.Note.RANDOM, 10 * KIB), "10KiB", Math.max(2, n / 50)),
                Throughput.of(stage, Events.of(Events.Note.RANDOM, MIB), "1MiB", Math.max(2, n / 5_000)),
                Throughput.of(stage, Events.of(Events.Note.RANDOM), "random", n),
                new ManyProducers(stage),
                new ManyRequests(stage));
    }

    /** In this process, and on the node where the bus has the handlers. */
    private static List<Workload> perHandler(Stage stage, Function<Boolean, Workload> workload) {
        List<Workload> both = new ArrayList<>();
        both.add(workload.apply(false));
        if (stage.bus().hasHandlers()) {
            both.add(workload.apply(true));
        }
        return both;
    }
}
