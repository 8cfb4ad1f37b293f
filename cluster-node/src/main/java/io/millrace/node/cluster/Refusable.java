package io.millrace.node.cluster;

import io.millrace.protocol.Problem;

/** A request between nodes whose sender waits for an answer. */
public interface Refusable extends Wire {
    /** Tells the sender that nothing was done. */
    void refuse(Problem problem);
}
