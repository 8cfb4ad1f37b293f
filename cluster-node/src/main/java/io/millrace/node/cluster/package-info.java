/** Owns what makes several nodes one bus: how messages travel between them, the sweeper, the health of the node. */
@NullMarked
package io.millrace.node.cluster;

import org.jspecify.annotations.NullMarked;
