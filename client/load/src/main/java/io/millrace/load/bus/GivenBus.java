package io.millrace.load.bus;

import java.net.URI;
import java.util.List;

/**
 * A bus that somebody else runs.
 *
 * @param urls its nodes' addresses
 * @param pids its processes where they are on this machine and known
 */
public record GivenBus(List<URI> urls, Pids pids) implements Bus {
    @Override
    public boolean hasHandlers() {
        return false;
    }

    @Override
    public void close() {
        // It goes on.
    }
}
