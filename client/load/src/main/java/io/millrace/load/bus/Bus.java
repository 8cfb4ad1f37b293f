package io.millrace.load.bus;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A bus to put load on. */
public sealed interface Bus extends AutoCloseable permits GivenBus, OwnBus {
    /** Its nodes' addresses, at least one. */
    List<URI> urls();

    /** Its processes as they are now. */
    Pids pids();

    /** Where its Cassandra answers CQL, if that is known. */
    Optional<InetSocketAddress> cassandra();

    /** Whether the handlers of {@code io.millrace.load.handler} are on its class path. */
    boolean hasHandlers();

    /** Ends what this started, if it did. */
    @Override
    void close();
}
