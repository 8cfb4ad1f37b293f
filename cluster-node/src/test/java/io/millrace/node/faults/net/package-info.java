/**
 * Owns the network of a fault run where the machine lets it: a network namespace for each node, and cuts between them.
 *
 * <p>Cuts are packet filters inside the namespaces, and the switch between them has a namespace of its own, so that
 * nothing of the machine's own filters (such as Docker's, which drop what is forwarded) touches them, nor they those.
 */
@NullMarked
package io.millrace.node.faults.net;

import org.jspecify.annotations.NullMarked;
