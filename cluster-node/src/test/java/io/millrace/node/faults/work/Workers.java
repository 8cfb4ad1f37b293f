package io.millrace.node.faults.work;

import io.millrace.node.faults.bus.NodeProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The worker processes: two for each bot of workers, so that one waits while the other works. */
public final class Workers implements AutoCloseable {
    private static final List<String> JVM =
            List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    /** Runs that a process of a bot with lanes does at once. */
    private static final int LANES = 4;

    private final List<NodeProcess> processes = new ArrayList<>();

    public Workers(Topology topology, List<URI> nodes, Path directory) {
        String all = nodes.stream().map(URI::toString).collect(Collectors.joining(","));
        for (BotPlan plan : topology.of(BotPlan.Kind.WORKER)) {
            for (int i = 1; i <= 2; i++) {
                String name = plan.name() + "-" + i;
                processes.add(new NodeProcess(
                        name,
                        NodeProcess.java(
                                JVM,
                                WorkerProcess.class,
                                name,
                                plan.name(),
                                all,
                                directory.resolve("history").toString(),
                                Integer.toString(plan.recipe().lanes() ? LANES : 1)),
                        directory,
                        null));
            }
        }
    }

    public void start() {
        processes.forEach(NodeProcess::start);
    }

    /** All of them. */
    public List<NodeProcess> processes() {
        return processes;
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::kill);
    }
}
