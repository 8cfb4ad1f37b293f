package io.millrace.node;

import java.util.concurrent.CompletableFuture;

/** The seam to the node, which is being built: this constant becomes {@code Node}'s. */
final class DevNodes {

    static final NodeStarter STARTER = (cassandra, datacenter, http) ->
            CompletableFuture.failedFuture(new UnsupportedOperationException("this build has no node yet"));

    private DevNodes() {}
}
