package io.millrace.load.bus;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A bus that somebody else runs.
 *
 * @param urls its nodes' addresses
 * @param pids its processes where they are on this machine and known
 * @param cassandra where its Cassandra answers CQL
 */
public record GivenBus(List<URI> urls, Pids pids, Optional<InetSocketAddress> cassandra) implements Bus {
    @Override
    public boolean hasHandlers() {
        return false;
    }

    @Override
    public void close() {
        // It goes on.
    }
}
