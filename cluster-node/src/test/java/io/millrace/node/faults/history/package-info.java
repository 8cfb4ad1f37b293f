/**
 * What the clients, workers and nodes of a fault run saw, as lines of files: the only thing that the checker believes.
 *
 * <p>A process writes files of its own through {@link io.millrace.node.faults.history.History}; all of them in one
 * directory are one history. Times are {@link System#nanoTime()}, which on Linux is one clock for all processes of a
 * machine.
 */
@NullMarked
package io.millrace.node.faults.history;

import org.jspecify.annotations.NullMarked;
