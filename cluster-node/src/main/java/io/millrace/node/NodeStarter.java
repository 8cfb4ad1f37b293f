package io.millrace.node;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** Starts the node of {@code millrace dev}, once its Cassandra answers. */
@FunctionalInterface
interface NodeStarter {

    /**
     * Starts a node that forms a cluster of one.
     *
     * @param cassandra where Cassandra speaks CQL
     * @param datacenter Cassandra's datacenter
     * @param http where to listen, a port of 0 for a free one
     */
    CompletionStage<RunningNode> start(InetSocketAddress cassandra, String datacenter, InetSocketAddress http);

    /** A node as far as the command line sees it. */
    interface RunningNode {

        /** Where it listens. */
        InetSocketAddress httpAddress();

        /** Stops it: no new requests, those under way are answered, actors stop. */
        CompletionStage<Void> stop();
    }
}
