/** Owns what a fault run stands on: Cassandra, a proxy for each node, node processes, and the signals that hurt them. */
@NullMarked
package io.millrace.node.faults.bus;

import org.jspecify.annotations.NullMarked;
