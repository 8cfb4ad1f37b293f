package io.millrace.node.settings;

import java.time.Duration;
import java.util.List;

/**
 * How nodes form one bus ({@code millrace.cluster}).
 *
 * @param host the address that other nodes reach this one at
 * @param port for remoting; 0 takes a free one
 * @param seedNodes {@code host:port} of the nodes to join, the same list on all of them; empty for a cluster of one
 * @param exitJvm whether the end of the node ends the JVM too, and SIGTERM stops the node in order
 * @param sweepEvery how often the sweeper asks every bot to look for itself
 */
public record ClusterSettings(String host, int port, List<String> seedNodes, boolean exitJvm, Duration sweepEvery) {
    /** @throws IllegalArgumentException naming the key */
    public ClusterSettings {
        seedNodes = List.copyOf(seedNodes);
        if (host.isBlank()) {
            throw new IllegalArgumentException("millrace.cluster.host must not be empty");
        }
        Require.between("millrace.cluster.port", port, 0, 65_535);
        seedNodes.forEach(seed -> HostAndPort.parse("millrace.cluster.seed-nodes", seed));
        Require.positive("millrace.cluster.sweep-every", sweepEvery);
    }

    /** Whether this node is the one of the list that may form a new cluster. */
    public boolean isFirstSeed() {
        return !seedNodes.isEmpty() && seedNodes.get(0).equals(host + ":" + port);
    }
}
