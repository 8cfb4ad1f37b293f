/** Owns the load of a fault run: clients that write down what they did, followers, bots and workers. */
@NullMarked
package io.millrace.node.faults.work;

import org.jspecify.annotations.NullMarked;
