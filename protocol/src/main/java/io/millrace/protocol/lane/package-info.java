/**
 * Owns how the events of a bot with lanes are divided among them: the same on every node and in every worker.
 */
@NullMarked
package io.millrace.protocol.lane;

import org.jspecify.annotations.NullMarked;
