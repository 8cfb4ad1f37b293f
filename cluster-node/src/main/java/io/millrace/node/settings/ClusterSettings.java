package io.millrace.node.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How nodes form one bus ({@code millrace.cluster}).
 *
 * @param host the address that other nodes reach this one at
 * @param port for remoting; 0 takes a free one
 * @param seedNodes {@code host:port} of the nodes to join, the same list on all of them; empty for a cluster of one
 * @param exitJvm whether the end of the node ends the JVM too, and SIGTERM stops the node in order
 * @param sweepEvery how often the sweeper asks every bot to look for itself
 * @param bootstrap how nodes find each other when no addresses are known beforehand
 * @param tls with which nodes prove to each other that they belong to the cluster; empty for plain text
 */
public record ClusterSettings(
        String host,
        int port,
        List<String> seedNodes,
        boolean exitJvm,
        Duration sweepEvery,
        Optional<Bootstrap> bootstrap,
        Optional<TlsFiles> tls) {
    /** @throws IllegalArgumentException naming the key */
    public ClusterSettings {
        seedNodes = List.copyOf(seedNodes);
        if (host.isBlank()) {
            throw new IllegalArgumentException("millrace.cluster.host must not be empty");
        }
        Require.between("millrace.cluster.port", port, 0, 65_535);
        seedNodes.forEach(seed -> HostAndPort.parse("millrace.cluster.seed-nodes", seed));
        Require.positive("millrace.cluster.sweep-every", sweepEvery);
        if (bootstrap.isPresent() && !seedNodes.isEmpty()) {
            throw new IllegalArgumentException(
                    "millrace.cluster.seed-nodes must be empty where millrace.cluster.bootstrap.method is set");
        }
    }

    /** As the longer form, without TLS. */
    public ClusterSettings(
            String host,
            int port,
            List<String> seedNodes,
            boolean exitJvm,
            Duration sweepEvery,
            Optional<Bootstrap> bootstrap) {
        this(host, port, seedNodes, exitJvm, sweepEvery, bootstrap, Optional.empty());
    }

    /** Whether this node is the one of the list that may form a new cluster. */
    public boolean isFirstSeed() {
        return !seedNodes.isEmpty() && seedNodes.get(0).equals(host + ":" + port);
    }

    /**
     * Nodes that look for each other ({@code millrace.cluster.bootstrap}).
     *
     * @param method of Pekko Discovery, by its name
     * @param port where a node tells the others what cluster it knows
     * @param requiredNodes how many must have found each other before they form a new cluster
     */
    public record Bootstrap(String method, int port, int requiredNodes) {
        /** @throws IllegalArgumentException naming the key */
        public Bootstrap {
            Require.between("millrace.cluster.bootstrap.port", port, 1, 65_535);
            Require.between("millrace.cluster.bootstrap.required-nodes", requiredNodes, 1, 1_000);
        }
    }
}
