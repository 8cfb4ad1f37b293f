/**
 * Owns what a node can do, as seen from outside: queues, bots, health. The HTTP routes know these interfaces and nothing
 * behind them; answers are typed, refusals are {@link io.millrace.protocol.Problem}s.
 */
@NullMarked
package io.millrace.node.application;

import org.jspecify.annotations.NullMarked;
