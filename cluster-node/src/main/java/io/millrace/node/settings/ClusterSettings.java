package io.millrace.node.settings;

import java.time.Duration;

/**
 * How nodes form one bus ({@code millrace.cluster}).
 *
 * @param host the address that other nodes reach this one at
 * @param port for remoting; 0 takes a free one
 * @param sweepEvery how often the sweeper asks every bot to look for itself
 */
public record ClusterSettings(String host, int port, Duration sweepEvery) {
    /** @throws IllegalArgumentException naming the key */
    public ClusterSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("millrace.cluster.host must not be empty");
        }
        Require.between("millrace.cluster.port", port, 0, 65_535);
        Require.positive("millrace.cluster.sweep-every", sweepEvery);
    }
}
