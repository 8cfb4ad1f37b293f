/** Owns this node's ways to Cassandra: the session, its health, and the child process of development (design D9). */
@NullMarked
package io.millrace.node.cassandra;

import org.jspecify.annotations.NullMarked;
