package io.millrace.load.bus;

import java.net.URI;
import java.util.List;

/** A bus to put load on. */
public sealed interface Bus extends AutoCloseable permits GivenBus, OwnBus {
    /** Its nodes' addresses, at least one. */
    List<URI> urls();

    /** Its processes as they are now. */
    Pids pids();

    /** Whether the handlers of {@code io.millrace.load.handler} are on its class path. */
    boolean hasHandlers();

    /** Ends what this started, if it did. */
    @Override
    void close();
}
