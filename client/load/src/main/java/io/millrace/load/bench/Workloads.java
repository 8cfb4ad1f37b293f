package io.millrace.load.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The workloads by the names that the command line has for them. */
final class Workloads {
    private static final Map<String, Function<Stage, List<Workload>>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("w1", stage -> List.of(Throughput.standard(stage, false)));
        BY_NAME.put("w2", stage -> List.of(Throughput.standard(stage, true)));
        BY_NAME.put("w1b", stage -> List.of(new PutLatency(stage, 1), new PutLatency(stage, 64)));
        BY_NAME.put("w3", stage -> List.of(EndToEnd.direct(stage)));
        BY_NAME.put("hop", stage -> perHandler(stage, onNode -> Hop.workload(stage, onNode)));
        BY_NAME.put("w4", stage -> perHandler(stage, onNode -> new Pipeline(stage, onNode)));
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
